namespace SocketRelay.Diagnostics;

/// <summary>
/// One access record to one UTF-8 line with its LF. Pure and without allocation: whole lines are made on the loop (refusals, streams,
/// calls that are new), those of known calls on the log's writer. The names and units of the JSON members are a promise
/// (docs/access-log.md).
/// </summary>
internal static partial class AccessLogFormatter
{
    /// <summary>
    /// No line is longer: a path of 1 KiB may grow sixfold by escaping, and rule and reason are cut at the lengths below.
    /// </summary>
    public const int MaxLineBytes = 16 * 1024;

    /// <summary>What is written of a client's name at most.</summary>
    public const int MaxClientBytes = 64;

    // What is cut is text of ours that quotes the request; whoever wants all of it reads the answer's body.
    private const int MaxRuleCharacters = 64;
    private const int MaxReasonCharacters = 1024;

    // Where the columns of the text format start: after the time, the level, the verdict, the status and the method.
    private const int TimeBytes = 24;
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
    public static int Format(in AccessRecord record, LogFormat format, bool colour, Span<byte> destination)
    {
        Utf8LineWriter line = new(destination);
        if (format == LogFormat.Json)
            WriteJson(record, ref line);
        else
            WriteText(record, colour, ref line);
        line.Raw("\n"u8);
        return line.Overflowed ? 0 : line.Length;
    }

    /// <summary>
    /// What the line of <paramref name="record"/> says of its call, for lines that <see cref="WriteCall"/> writes: it depends on method,
    /// path, verdict, rule, reason and status alone.
    /// </summary>
    /// <param name="record">The record.</param>
    /// <param name="format">Which of the two formats.</param>
    /// <param name="colour">Text only: colours the verdict for a terminal.</param>
    /// <param name="destination">Where the text goes.</param>
    /// <returns>Its length; 0 where <paramref name="destination"/> is too small.</returns>
    public static int FormatOfCall(in AccessRecord record, LogFormat format, bool colour, Span<byte> destination)
    {
        Utf8LineWriter line = new(destination);
        if (format == LogFormat.Json)
            WriteJsonOfCall(record, ref line);
        else
            WriteTextOfCall(record, colour, TimeBytes, ref line);
        return line.Overflowed ? 0 : line.Length;
    }

    /// <summary>
    /// Writes the line that <see cref="Format"/> writes of a call that was let through and ended normally, neither begun as a stream nor a
    /// tunnel, from what is known of it.
    /// </summary>
    /// <param name="figures">Of the record.</param>
    /// <param name="client">Its client, not empty, at most <see cref="MaxClientBytes"/>.</param>
    /// <param name="call">What <see cref="FormatOfCall"/> says of it.</param>
    /// <param name="front">Of this format.</param>
    /// <param name="format">Which of the two formats.</param>
    /// <param name="line">Takes the line, LF included.</param>
    public static void WriteCall(
        in RecordFigures figures, ReadOnlySpan<byte> client, CallLine call, LineFront front, LogFormat format, ref Utf8LineWriter line)
    {
        if (format == LogFormat.Json)
            WriteJsonCall(figures, client, call, front, ref line);
        else
            WriteTextCall(figures, client, call, front, ref line);
    }

    /// <summary>What such a line begins with.</summary>
    /// <param name="unixMs">Its time.</param>
    /// <param name="format">Which of the two formats.</param>
    /// <param name="second">The second that was written last, and then this one.</param>
    /// <param name="line">Takes it.</param>
    public static void WriteFront(long unixMs, LogFormat format, ref SecondText second, ref Utf8LineWriter line)
    {
        if (format == LogFormat.Json)
            WriteJsonFront(unixMs, AccessVerdict.Allowed, isStart: false, ref second, ref line);
        else
            line.Time(unixMs, ref second);
    }

    /// <summary>The level of a record: refusals are warnings, calls that were let through or redirected are information (docs/access-log.md).</summary>
    public static ReadOnlySpan<byte> LevelOf(AccessVerdict verdict) => IsInformation(verdict) ? "info"u8 : "warning"u8;

    /// <summary>Whether a record of this verdict is information; a warning else.</summary>
    public static bool IsInformation(AccessVerdict verdict) => verdict is AccessVerdict.Allowed or AccessVerdict.Redirected;

    /// <summary>The verdict's word in both formats.</summary>
    public static ReadOnlySpan<byte> WordOf(AccessVerdict verdict) => verdict switch
    {
        AccessVerdict.Allowed => "allowed"u8,
        AccessVerdict.Denied => "denied"u8,
        AccessVerdict.Defect => "defect"u8,
        AccessVerdict.Filtered => "filtered"u8,
        AccessVerdict.Redirected => "redirected"u8,
        _ => "would_deny"u8,
    };

    private static void WriteText(in AccessRecord record, bool colour, ref Utf8LineWriter line)
    {
        RecordFigures figures = RecordFigures.Of(record);
        line.Time(figures.UnixMs);
        WriteTextOfCall(record, colour, 0, ref line);
        WordOrDash(Cut(record.Client.Span), ref line);
        if (!record.IsStart)
            WriteTextBytes(figures, ref line);
        WriteTextEngine(figures, ref line);
        if (!record.IsStart)
        {
            WriteTextTotal(figures, ref line);
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

    // The line that WriteText writes of a call that was let through and ended normally.
    private static void WriteTextCall(in RecordFigures figures, ReadOnlySpan<byte> client, CallLine call, LineFront front, ref Utf8LineWriter line)
    {
        line.Raw(front.At(figures.UnixMs));
        line.Raw(call.Text);
        line.Escaped(client, LogFormat.Text);
        WriteBytes(figures, call, LogFormat.Text, ref line);
        WriteTextEngine(figures, ref line);
        WriteTextTotal(figures, ref line);
        line.Raw(" end=--\n"u8);
    }

    // Columns are those of a line of which so many bytes stand elsewhere.
    private static void WriteTextOfCall(in AccessRecord record, bool colour, int elsewhere, ref Utf8LineWriter line)
    {
        int invisible = -elsewhere;
        if (record.Verdict == AccessVerdict.Allowed && !colour)
            line.Raw(PlainAllowed);
        else
            invisible = Levels(record.Verdict, colour, elsewhere, ref line);
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

    private static void WriteTextBytes(in RecordFigures figures, ref Utf8LineWriter line)
    {
        line.Raw(" up="u8);
        line.Number(figures.BytesUp);
        line.Raw(" down="u8);
        line.Number(figures.BytesDown);
    }

    private static void WriteTextEngine(in RecordFigures figures, ref Utf8LineWriter line)
    {
        if (figures.EngineMicroseconds < 0)
            return;
        line.Raw(" engine="u8);
        line.Milliseconds(figures.EngineMicroseconds);
    }

    private static void WriteTextTotal(in RecordFigures figures, ref Utf8LineWriter line)
    {
        line.Raw(" total="u8);
        line.Milliseconds(figures.TotalMicroseconds);
    }

    private static void WriteBytes(in RecordFigures figures, CallLine call, LogFormat format, ref Utf8LineWriter line)
    {
        if (call.FindBytes(figures) is { IsEmpty: false } known)
        {
            line.Raw(known);
            return;
        }
        int from = line.Length;
        if (format == LogFormat.Json)
            WriteJsonBytes(figures, ref line);
        else
            WriteTextBytes(figures, ref line);
        call.KeepBytes(figures, line.From(from));
    }

    // What Levels writes for a call that was let through: nearly every line.
    private static ReadOnlySpan<byte> PlainAllowed => " info    allowed    "u8;

    /// <summary>The columns of level and verdict.</summary>
    /// <returns>Bytes that take no room on a terminal, less those that stand elsewhere.</returns>
    private static int Levels(AccessVerdict verdict, bool colour, int elsewhere, ref Utf8LineWriter line)
    {
        line.Raw(" "u8);
        line.Raw(LevelOf(verdict));
        line.PadTo(VerdictColumn - elsewhere);
        int invisible = -elsewhere;
        if (colour)
        {
            ReadOnlySpan<byte> on = ColourOf(verdict);
            line.Raw(on);
            invisible += on.Length;
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
