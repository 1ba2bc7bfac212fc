namespace SocketRelay.Diagnostics;

/// <summary>
/// One access record to one UTF-8 line with its LF. Pure and without allocation: it runs on the loop, once a call. The names and
/// units of the JSON members are a promise (docs/access-log.md).
/// </summary>
internal static partial class AccessLogFormatter
{
    /// <summary>
    /// No line is longer: a path of 1 KiB may grow sixfold by escaping, and rule and reason are cut at the lengths below.
    /// </summary>
    public const int MaxLineBytes = 16 * 1024;

    // What is cut is text of ours that quotes the request; whoever wants all of it reads the answer's body.
    private const int MaxRuleCharacters = 64;
    private const int MaxReasonCharacters = 1024;
    private const int MaxClientBytes = 64;

    // Where the columns of the text format start: after the time, the level, the verdict, the status and the method.
    private const int VerdictColumn = 33;
    private const int StatusColumn = 44;
    private const int MethodColumn = 48;
    private const int PathColumn = 55;

    /// <summary>
    /// Formats <paramref name="record"/>.
    /// </summary>
    /// <param name="record">The record; its method and path are bytes as they came.</param>
    /// <param name="format">Which of the two formats.</param>
    /// <param name="colour">Text only: colours the verdict for a terminal.</param>
    /// <param name="destination">Where the line goes; <see cref="MaxLineBytes"/> always suffice.</param>
    /// <returns>The line's length, LF included; 0 where <paramref name="destination"/> is too small.</returns>
    public static int Format(in AccessRecord record, LogFormat format, bool colour, Span<byte> destination) =>
        Format(record, format, colour, destination, memory: null);

    /// <summary>The same, for lines that follow each other.</summary>
    /// <param name="record">The record; its method and path are bytes as they came.</param>
    /// <param name="format">Which of the two formats.</param>
    /// <param name="colour">Text only: colours the verdict for a terminal.</param>
    /// <param name="destination">Where the line goes; <see cref="MaxLineBytes"/> always suffice.</param>
    /// <param name="memory">Of the lines before, in this format and colour; null where nothing is to be remembered.</param>
    /// <returns>The line's length, LF included; 0 where <paramref name="destination"/> is too small.</returns>
    public static int Format(in AccessRecord record, LogFormat format, bool colour, Span<byte> destination, LineMemory? memory)
    {
        Utf8LineWriter line = new(destination);
        if (format == LogFormat.Json)
            WriteJson(record, ref line, memory);
        else
            WriteText(record, colour, ref line, memory);
        line.Raw("\n"u8);
        return line.Overflowed ? 0 : line.Length;
    }

    /// <summary>The level of a record: refusals are warnings, calls that were let through are information (design: levels).</summary>
    public static ReadOnlySpan<byte> LevelOf(AccessVerdict verdict) => verdict == AccessVerdict.Allowed ? "info"u8 : "warning"u8;

    /// <summary>The verdict's word in both formats.</summary>
    public static ReadOnlySpan<byte> WordOf(AccessVerdict verdict) => verdict switch
    {
        AccessVerdict.Allowed => "allowed"u8,
        AccessVerdict.Denied => "denied"u8,
        AccessVerdict.Defect => "defect"u8,
        AccessVerdict.Filtered => "filtered"u8,
        _ => "would_deny"u8,
    };

    // A record that begins a stream carries the time of the beginning, any other that of its end: lines come in the order of their times.
    private static long TimeOf(in AccessRecord record) =>
        record.IsStart ? record.StartedAtUnixMs : record.StartedAtUnixMs + (Math.Max(0, record.TotalMicroseconds) / 1000);

    private static void WriteText(in AccessRecord record, bool colour, ref Utf8LineWriter line, LineMemory? memory)
    {
        WriteTime(record, ref line, memory);
        int from = line.Length;
        if (memory is not null && memory.Find(record) is { IsEmpty: false } known)
        {
            line.Raw(known);
        }
        else
        {
            WriteTextOfCall(record, colour, ref line);
            memory?.Keep(record, line.From(from));
        }
        WordOrDash(Cut(record.Client.Span), ref line);
        if (!record.IsStart)
            WriteBytes(record, " up="u8, " down="u8, ""u8, ref line, memory);
        if (record.EngineMicroseconds >= 0)
        {
            line.Raw(" engine="u8);
            line.Milliseconds(record.EngineMicroseconds);
        }
        if (!record.IsStart)
        {
            line.Raw(" total="u8);
            line.Milliseconds(Math.Max(0, record.TotalMicroseconds));
            line.Raw(" end="u8);
            line.Raw([(byte)record.End.PartyLetter, (byte)record.End.PhaseLetter]);
        }
        if (record.IsTunnel)
            line.Raw(" tunnel"u8);
        if (record.Reason is not null)
        {
            line.Raw(" \""u8);
            line.Quoted(record.Reason, LogFormat.Text, MaxReasonCharacters);
            line.Raw("\""u8);
        }
    }

    private static void WriteTextOfCall(in AccessRecord record, bool colour, ref Utf8LineWriter line)
    {
        int invisible = 0;
        if (record.Verdict == AccessVerdict.Allowed && !colour)
            line.Raw(PlainAllowed);
        else
            invisible = Levels(record.Verdict, colour, ref line);
        if (record.Status == 0)
            line.Raw("-"u8);
        else
            line.Number(record.Status);
        line.PadTo(MethodColumn - 1 + invisible);
        line.Raw(" "u8);
        WordOrDash(record.Method.Span, ref line);
        line.PadTo(PathColumn - 1 + invisible);
        line.Raw(" "u8);
        WordOrDash(record.Path.Span, ref line);
        if (record.IsStart)
            line.Raw(" begins"u8);
        line.Raw(" rule="u8);
        QuotedOrDash(record.Rule, MaxRuleCharacters, ref line);
        line.Raw(" client="u8);
    }

    private static void WriteBytes(
        in AccessRecord record, ReadOnlySpan<byte> up, ReadOnlySpan<byte> down, ReadOnlySpan<byte> behind, ref Utf8LineWriter line, LineMemory? memory)
    {
        if (memory is not null && memory.FindBytes(record) is { IsEmpty: false } known)
        {
            line.Raw(known);
            return;
        }
        int from = line.Length;
        line.Raw(up);
        line.Number(record.BytesUp);
        line.Raw(down);
        line.Number(record.BytesDown);
        line.Raw(behind);
        memory?.KeepBytes(record, line.From(from));
    }

    private static void WriteTime(in AccessRecord record, ref Utf8LineWriter line, LineMemory? memory)
    {
        if (memory is null)
            line.Time(TimeOf(record));
        else
            line.Time(TimeOf(record), ref memory.Second);
    }

    // What Levels writes for a call that was let through: nearly every line.
    private static ReadOnlySpan<byte> PlainAllowed => " info    allowed    "u8;

    /// <summary>The columns of level and verdict.</summary>
    /// <returns>Bytes that take no room on a terminal.</returns>
    private static int Levels(AccessVerdict verdict, bool colour, ref Utf8LineWriter line)
    {
        line.Raw(" "u8);
        line.Raw(LevelOf(verdict));
        line.PadTo(VerdictColumn);
        int invisible = 0;
        if (colour)
        {
            ReadOnlySpan<byte> on = ColourOf(verdict);
            line.Raw(on);
            invisible = on.Length;
        }
        line.Raw(WordOf(verdict));
        if (colour)
        {
            line.Raw(ColourOff);
            invisible += ColourOff.Length;
        }
        line.PadTo(StatusColumn - 1 + invisible);
        line.Raw(" "u8);
        return invisible;
    }

    private static ReadOnlySpan<byte> ColourOff => "\e[0m"u8;

    private static ReadOnlySpan<byte> ColourOf(AccessVerdict verdict) => verdict switch
    {
        AccessVerdict.Allowed => "\e[32m"u8,
        AccessVerdict.Denied => "\e[31m"u8,
        AccessVerdict.Defect => "\e[35m"u8,
        _ => "\e[33m"u8,
    };

    private static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> client) => client.Length <= MaxClientBytes ? client : client[..MaxClientBytes];

    private static void WordOrDash(ReadOnlySpan<byte> bytes, ref Utf8LineWriter line)
    {
        if (bytes.IsEmpty)
            line.Raw("-"u8);
        else
            line.Escaped(bytes, LogFormat.Text);
    }

    private static void QuotedOrDash(string? text, int maxCharacters, ref Utf8LineWriter line)
    {
        if (string.IsNullOrEmpty(text))
        {
            line.Raw("-"u8);
            return;
        }
        bool isWord = !text.Contains(' ');
        if (!isWord)
            line.Raw("\""u8);
        line.Quoted(text, LogFormat.Text, maxCharacters);
        if (!isWord)
            line.Raw("\""u8);
    }
}
