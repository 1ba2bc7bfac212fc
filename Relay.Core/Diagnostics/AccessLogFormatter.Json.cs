namespace SocketRelay.Diagnostics;

/// <content>The JSON format.</content>
internal static partial class AccessLogFormatter
{
    private static void WriteJson(in AccessRecord record, ref Utf8LineWriter line)
    {
        RecordFigures figures = RecordFigures.Of(record);
        SecondText none = default;
        WriteJsonFront(figures.UnixMs, record.Verdict, record.IsStart, ref none, ref line);
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
        WriteJsonOfCall(record, ref line);
        WriteJsonBytes(figures, ref line);
        WriteJsonTimes(figures, ref line);
        line.Raw(record.IsTunnel ? ",\"tunnel\":true,\"end\":\""u8 : ",\"tunnel\":false,\"end\":\""u8);
        line.Raw([(byte)record.End.PartyLetter, (byte)record.End.PhaseLetter]);
        line.Raw("\"}"u8);
    }

    // The line that WriteJson writes of a call that was let through and ended normally.
    private static void WriteJsonCall(in RecordFigures figures, ReadOnlySpan<byte> client, CallLine call, LineFront front, ref Utf8LineWriter line)
    {
        line.Raw(front.At(figures.UnixMs));
        line.Raw("\""u8);
        line.Escaped(client, LogFormat.Json);
        line.Raw("\""u8);
        line.Raw(call.Text);
        WriteBytes(figures, call, LogFormat.Json, ref line);
        WriteJsonTimes(figures, ref line);
        line.Raw(",\"tunnel\":false,\"end\":\"--\"}\n"u8);
    }

    private static void WriteJsonFront(long unixMs, AccessVerdict verdict, bool isStart, ref SecondText second, ref Utf8LineWriter line)
    {
        line.Raw("{\"time\":\""u8);
        line.Time(unixMs, ref second);
        line.Raw("\",\"level\":\""u8);
        line.Raw(LevelOf(verdict));
        line.Raw("\",\"type\":\"access\",\"phase\":"u8);
        line.Raw(isStart ? "\"start\""u8 : "\"end\""u8);
        line.Raw(",\"client\":"u8);
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

    private static void WriteJsonBytes(in RecordFigures figures, ref Utf8LineWriter line)
    {
        line.Raw(",\"bytes_up\":"u8);
        line.Number(figures.BytesUp);
        line.Raw(",\"bytes_down\":"u8);
        line.Number(figures.BytesDown);
        line.Raw(",\"engine_us\":"u8); // of the times, but the same in each line
    }

    private static void WriteJsonTimes(in RecordFigures figures, ref Utf8LineWriter line)
    {
        if (figures.EngineMicroseconds < 0)
            line.Raw("null"u8);
        else
            line.Number(figures.EngineMicroseconds);
        line.Raw(",\"total_us\":"u8);
        line.Number(figures.TotalMicroseconds);
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
