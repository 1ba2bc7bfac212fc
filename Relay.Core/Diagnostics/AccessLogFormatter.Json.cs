namespace SocketRelay.Diagnostics;

/// <content>The JSON format.</content>
internal static partial class AccessLogFormatter
{
    private static void WriteJson(in AccessRecord record, ref Utf8LineWriter line, LineMemory? memory)
    {
        line.Raw("{\"time\":\""u8);
        WriteTime(record, ref line, memory);
        if (record.Verdict == AccessVerdict.Allowed && !record.IsStart)
        {
            line.Raw("\",\"level\":\"info\",\"type\":\"access\",\"phase\":\"end\",\"client\":"u8); // nearly every line
        }
        else
        {
            line.Raw("\",\"level\":\""u8);
            line.Raw(LevelOf(record.Verdict));
            line.Raw("\",\"type\":\"access\",\"phase\":"u8);
            line.Raw(record.IsStart ? "\"start\""u8 : "\"end\""u8);
            line.Raw(",\"client\":"u8);
        }
        if (record.Client.IsEmpty)
        {
            line.Raw("null"u8);
        }
        else
        {
            line.Raw("\""u8);
            line.Escaped(Cut(record.Client.Span), LogFormat.Json);
            line.Raw("\""u8);
        }
        int from = line.Length;
        if (memory is not null && memory.Find(record) is { IsEmpty: false } known)
        {
            line.Raw(known);
        }
        else
        {
            WriteJsonOfCall(record, ref line);
            memory?.Keep(record, line.From(from));
        }
        WriteBytes(record, ",\"bytes_up\":"u8, ",\"bytes_down\":"u8, ",\"engine_us\":"u8, ref line, memory);
        if (record.EngineMicroseconds < 0)
            line.Raw("null"u8);
        else
            line.Number(record.EngineMicroseconds);
        line.Raw(",\"total_us\":"u8);
        line.Number(Math.Max(0, record.TotalMicroseconds));
        if (!record.IsTunnel && record.End == default)
        {
            line.Raw(",\"tunnel\":false,\"end\":\"--\"}"u8); // nearly every line
            return;
        }
        line.Raw(record.IsTunnel ? ",\"tunnel\":true,\"end\":\""u8 : ",\"tunnel\":false,\"end\":\""u8);
        line.Raw([(byte)record.End.PartyLetter, (byte)record.End.PhaseLetter]);
        line.Raw("\"}"u8);
    }

    private static void WriteJsonOfCall(in AccessRecord record, ref Utf8LineWriter line)
    {
        line.Raw(",\"method\":\""u8);
        line.Escaped(record.Method.Span, LogFormat.Json);
        line.Raw("\",\"path\":\""u8);
        line.Escaped(record.Path.Span, LogFormat.Json);
        line.Raw("\",\"verdict\":\""u8);
        line.Raw(WordOf(record.Verdict));
        line.Raw("\",\"rule\":"u8);
        JsonText(record.Rule, MaxRuleCharacters, ref line);
        line.Raw(",\"reason\":"u8);
        JsonText(record.Reason, MaxReasonCharacters, ref line);
        line.Raw(",\"status\":"u8);
        line.Number(record.Status);
    }

    private static void JsonText(string? text, int maxCharacters, ref Utf8LineWriter line)
    {
        if (text is null)
        {
            line.Raw("null"u8);
            return;
        }
        line.Raw("\""u8);
        line.Quoted(text, LogFormat.Json, maxCharacters);
        line.Raw("\""u8);
    }
}
