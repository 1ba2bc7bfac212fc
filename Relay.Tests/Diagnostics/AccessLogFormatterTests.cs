using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using SocketRelay.Diagnostics;
using SocketRelay.Exchange;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Diagnostics;

internal class AccessLogFormatterTests
{
    /// <summary>The record that docs/access-log.md shows in both formats.</summary>
    internal static AccessRecord Shown => Record();

    private static AccessRecord Record() => new()
    {
        StartedAtUnixMs = new DateTimeOffset(2026, 1, 31, 23, 59, 59, 900, TimeSpan.Zero).ToUnixTimeMilliseconds(),
        Client = "127.0.0.1:4711"u8.ToArray(),
        Method = "GET"u8.ToArray(),
        Path = "/v1.45/containers/json"u8.ToArray(),
        Verdict = AccessVerdict.Allowed,
        Rule = "CONTAINERS",
        Status = 200,
        BytesUp = 118,
        BytesDown = 2304,
        EngineMicroseconds = 1204,
        TotalMicroseconds = 101310,
    };

    private static string Format(in AccessRecord record, LogFormat format, bool colour = false)
    {
        byte[] buffer = new byte[AccessLogFormatter.MaxLineBytes];
        int length = AccessLogFormatter.Format(record, format, colour, buffer);
        length.ShouldBeGreaterThan(0);
        string line = Encoding.UTF8.GetString(buffer, 0, length);
        line.ShouldEndWith("\n");
        line.Count(static c => c == '\n').ShouldBe(1);
        return line[..^1];
    }

    private static JsonElement Json(in AccessRecord record) => JsonDocument.Parse(Format(record, LogFormat.Json)).RootElement;

    [Test]
    public void AllowedCall_IsOneAlignedLine() =>
        Format(Record(), LogFormat.Text).ShouldBe(
            "2026-02-01T00:00:00.001Z info    allowed    200 GET    /v1.45/containers/json rule=CONTAINERS client=127.0.0.1:4711"
            + " up=118 down=2304 engine=1.204ms total=101.310ms end=--");

    [Test]
    public void Document_ShowsTheLinesAsTheyAre()
    {
        string document = File.ReadAllText(Path.Combine(Repository.Root!, "docs", "access-log.md"));
        document.ShouldContain($"\n{Format(Record(), LogFormat.Text)}\n");
        document.ShouldContain($"\n{Format(Refused(), LogFormat.Text)}\n");
    }

    [Test]
    public void Refusal_IsAWarningWithItsReason() =>
        Format(Refused(), LogFormat.Text).ShouldBe(
            "2026-01-31T23:59:59.900Z warning denied     403 POST   /containers/create rule=POST client=127.0.0.1:4711"
            + " up=0 down=185 total=0.042ms end=-- \"Forbidden by socketrelay: POST /containers/create needs POST=1 and CONTAINERS=1\"");

    private static AccessRecord Refused() => Record() with
    {
        Method = "POST"u8.ToArray(),
        Path = "/containers/create"u8.ToArray(),
        Verdict = AccessVerdict.Denied,
        Rule = "POST",
        Reason = "Forbidden by socketrelay: POST /containers/create needs POST=1 and CONTAINERS=1",
        Status = 403,
        BytesUp = 0,
        BytesDown = 185,
        EngineMicroseconds = -1,
        TotalMicroseconds = 42,
        End = default,
    };

    [Test]
    public void Json_ReadsBackAsWhatWasRecorded()
    {
        JsonElement json = Json(Record() with { Reason = "a \"quoted\"\\ reason \n é 𝄞", IsTunnel = true });
        json.GetProperty("time").GetDateTimeOffset().ShouldBe(new DateTimeOffset(2026, 2, 1, 0, 0, 0, 1, TimeSpan.Zero));
        json.GetProperty("level").GetString().ShouldBe("info");
        json.GetProperty("type").GetString().ShouldBe("access");
        json.GetProperty("phase").GetString().ShouldBe("end");
        json.GetProperty("client").GetString().ShouldBe("127.0.0.1:4711");
        json.GetProperty("method").GetString().ShouldBe("GET");
        json.GetProperty("path").GetString().ShouldBe("/v1.45/containers/json");
        json.GetProperty("verdict").GetString().ShouldBe("allowed");
        json.GetProperty("rule").GetString().ShouldBe("CONTAINERS");
        json.GetProperty("reason").GetString().ShouldBe("a \"quoted\"\\ reason \n é 𝄞");
        json.GetProperty("status").GetInt32().ShouldBe(200);
        json.GetProperty("bytes_up").GetInt64().ShouldBe(118);
        json.GetProperty("bytes_down").GetInt64().ShouldBe(2304);
        json.GetProperty("engine_us").GetInt64().ShouldBe(1204);
        json.GetProperty("total_us").GetInt64().ShouldBe(101310);
        json.GetProperty("tunnel").GetBoolean().ShouldBeTrue();
        json.GetProperty("end").GetString().ShouldBe("--");
        json.EnumerateObject().Count().ShouldBe(17);
    }

    [Test]
    public void WhatIsUnknown_IsNullInJsonAndADashInText()
    {
        AccessRecord record = new() { EngineMicroseconds = -1, Verdict = AccessVerdict.Defect };
        JsonElement json = Json(record);
        json.GetProperty("client").ValueKind.ShouldBe(JsonValueKind.Null);
        json.GetProperty("rule").ValueKind.ShouldBe(JsonValueKind.Null);
        json.GetProperty("reason").ValueKind.ShouldBe(JsonValueKind.Null);
        json.GetProperty("engine_us").ValueKind.ShouldBe(JsonValueKind.Null);
        json.GetProperty("method").GetString().ShouldBe("");
        Format(record, LogFormat.Text).ShouldBe(
            "1970-01-01T00:00:00.000Z warning defect     -   -      - rule=- client=- up=0 down=0 total=0.000ms end=--");
    }

    [TestCase(AccessVerdict.Allowed, "allowed", "info")]
    [TestCase(AccessVerdict.Denied, "denied", "warning")]
    [TestCase(AccessVerdict.Defect, "defect", "warning")]
    [TestCase(AccessVerdict.Filtered, "filtered", "warning")]
    [TestCase(AccessVerdict.WouldDeny, "would_deny", "warning")]
    [TestCase(AccessVerdict.Redirected, "redirected", "info")]
    public void EachVerdict_HasItsWordAndLevel(AccessVerdict verdict, string word, string level)
    {
        JsonElement json = Json(Record() with { Verdict = verdict });
        json.GetProperty("verdict").GetString().ShouldBe(word);
        json.GetProperty("level").GetString().ShouldBe(level);
    }

    [Test]
    public void StreamBegins_CarriesTheTimeOfItsBeginning()
    {
        AccessRecord record = Record() with { IsStart = true };
        Format(record, LogFormat.Text).ShouldBe(
            "2026-01-31T23:59:59.900Z info    allowed    200 GET    /v1.45/containers/json begins rule=CONTAINERS client=127.0.0.1:4711 engine=1.204ms");
        Json(record).GetProperty("phase").GetString().ShouldBe("start");
    }

    [Test]
    public void EveryByteValueInMethodAndPath_ComesOutAsPrintableAscii()
    {
        byte[] all = [.. Enumerable.Range(0, 256).Select(static value => (byte)value)];
        AccessRecord record = Record() with { Method = all, Path = all };
        string text = Format(record, LogFormat.Text);
        text.ShouldAllBe(static c => c >= ' ' && c <= '~');
        string path = text[(text.LastIndexOf("\\x00", StringComparison.Ordinal))..text.IndexOf(" rule=", StringComparison.Ordinal)];
        path.ShouldNotContain(" ");
        path.ShouldStartWith("\\x00\\x01");
        path.ShouldContain("\\x0a");
        path.ShouldContain("\\x1b");
        path.ShouldContain("\\x20!\\x22#");
        path.ShouldContain("[\\x5c]");
        path.ShouldEndWith("\\xff");

        JsonElement json = Json(record);
        Encoding.Latin1.GetBytes(json.GetProperty("path").GetString()!).ShouldBe(all);
        Encoding.Latin1.GetBytes(json.GetProperty("method").GetString()!).ShouldBe(all);
        Format(record, LogFormat.Json).ShouldAllBe(static c => c >= ' ' && c <= '~');
    }

    // Plain bytes are copied sixteen, eight or four at a time: what is odd among them is escaped wherever it stands.
    [Test]
    public void AnyByteAnywhere_IsEscapedByItself(
        [Values] LogFormat format, [Values(1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 20, 24, 25, 31, 32, 33, 40)] int length)
    {
        for (int at = 0; at < length; at++)
        {
            for (int value = 0; value < 256; value++)
            {
                byte[] path = Enumerable.Repeat((byte)'a', length).ToArray();
                path[at] = (byte)value;
                bool isPlain = value is >= ' ' and <= '~' and not '"' and not '\\' && (value != ' ' || format == LogFormat.Json);
                string escaped = isPlain ? ((char)value).ToString()
                    : format == LogFormat.Text ? $"\\x{value:x2}"
                    : value is '"' or '\\' ? "\\" + (char)value
                    : $"\\u00{value:x2}";

                string line = Format(Record() with { Path = path }, format);

                string expected = new string('a', at) + escaped + new string('a', length - 1 - at);
                line.Contains(format == LogFormat.Text ? $" {expected} rule=" : $"\"path\":\"{expected}\",", StringComparison.Ordinal).ShouldBeTrue(line);
            }
        }
    }

    [Test]
    public void AnyTime_IsWrittenAsTheLibraryWritesIt()
    {
        long last = new DateTimeOffset(9999, 12, 31, 23, 59, 59, 999, TimeSpan.Zero).ToUnixTimeMilliseconds();
        Gen.Long[0, last].Sample(CheckTime, iter: 100_000);
        for (long day = 0; day <= last; day += 86_400_000)
        {
            CheckTime(day);
            CheckTime(day + 86_399_999);
        }

        static bool CheckTime(long time)
        {
            byte[] buffer = new byte[24];
            Utf8LineWriter line = new(buffer);
            line.Time(time);
            string expected = DateTimeOffset.FromUnixTimeMilliseconds(time).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
            string written = Encoding.ASCII.GetString(buffer);
            return written == expected ? true : throw new InvalidOperationException($"{written} for {expected}");
        }
    }

    [Test]
    public void TimesInARow_AreWrittenAsEachAlone()
    {
        SecondText last = default;
        long time = 0;
        Random random = new(7);
        for (int i = 0; i < 200_000; i++)
        {
            // Mostly the same second, its last and the next one's first moments, and clocks that are set.
            time = random.Next(100) switch
            {
                < 60 => time + random.Next(0, 3),
                < 90 => time / 1000 * 1000 + random.Next(998, 1003),
                < 99 => Math.Max(0, time + random.Next(-5_000, 5_000)),
                _ => random.NextInt64(0, 4_000_000_000_000),
            };
            byte[] one = new byte[24], other = new byte[24];
            Utf8LineWriter alone = new(one);
            Utf8LineWriter inARow = new(other);
            alone.Time(time);
            inARow.Time(time, ref last);
            Encoding.ASCII.GetString(other).ShouldBe(Encoding.ASCII.GetString(one), $"line {i}, {time}");
        }
    }

    [Test]
    public void AnyNumber_IsWrittenAsTheLibraryWritesIt()
    {
        for (long power = 1; power is > 0 and < 1_000_000_000_000_000_000; power *= 10)
        {
            foreach (long value in new[] { power - 1, power, power + 1, 9 * power, long.MaxValue / power })
                CheckNumber(value);
        }
        (from bits in Gen.Int[1, 63] from value in Gen.Long[0, long.MaxValue] select value >> (63 - bits)).Sample(CheckNumber, iter: 100_000);

        static bool CheckNumber(long value)
        {
            byte[] buffer = new byte[64];
            Utf8LineWriter line = new(buffer);
            line.Number(value);
            line.Raw(" "u8);
            line.Milliseconds(value);
            string expected = string.Create(CultureInfo.InvariantCulture, $"{value} {value / 1000}.{value % 1000:000}ms");
            string written = Encoding.ASCII.GetString(buffer, 0, line.Length);
            return written == expected ? true : throw new InvalidOperationException($"{written} for {expected}");
        }
    }

    [Test]
    public void ControlCharactersInTexts_NeverReachTheLine()
    {
        AccessRecord record = Record() with { Client = "a\u001b[2J"u8.ToArray(), Rule = "r\nule", Reason = "x\r\n2026 forged\u0085\u202e" };
        foreach (LogFormat format in Enum.GetValues<LogFormat>())
            Format(record, format).ShouldAllBe(static c => c >= ' ' && c <= '~');
    }

    [Test]
    public void LongestRecord_FitsTheStatedSize()
    {
        AccessRecord record = Record() with
        {
            Client = Enumerable.Repeat((byte)0xE2, 500).ToArray(),
            Method = Enumerable.Repeat((byte)0xFF, 32).ToArray(),
            Path = Enumerable.Repeat((byte)0xFF, 1024).ToArray(),
            Rule = new string('\u202e', 500),
            Reason = new string('\u202e', 100_000),
            BytesUp = long.MaxValue,
            BytesDown = long.MaxValue,
            EngineMicroseconds = long.MaxValue,
            TotalMicroseconds = 1,
        };
        foreach (LogFormat format in Enum.GetValues<LogFormat>())
            Format(record, format).Length.ShouldBeLessThan(AccessLogFormatter.MaxLineBytes);
    }

    [Test]
    public void BufferTooSmall_GivesNoLine([Values] LogFormat format)
    {
        byte[] buffer = new byte[AccessLogFormatter.MaxLineBytes];
        int needed = AccessLogFormatter.Format(Record(), format, colour: false, buffer);
        for (int size = 0; size < needed; size++)
            AccessLogFormatter.Format(Record(), format, colour: false, buffer.AsSpan(0, size)).ShouldBe(0);
        AccessLogFormatter.Format(Record(), format, colour: false, buffer.AsSpan(0, needed)).ShouldBe(needed);
    }

    [Test]
    public void Colour_ChangesNothingButEscapes()
    {
        string coloured = Format(Record(), LogFormat.Text, colour: true);
        coloured.ShouldContain("\e[32mallowed\e[0m");
        coloured.Replace("\e[32m", "").Replace("\e[0m", "").ShouldBe(Format(Record(), LogFormat.Text));
    }

    [Test]
    public void Formatting_AllocatesNothing([Values] LogFormat format)
    {
        AccessRecord record = Record() with { Reason = "a reason \"with\" escapes \n", Path = "/a\x1b/b"u8.ToArray() };
        byte[] buffer = new byte[AccessLogFormatter.MaxLineBytes];
        AccessLogFormatter.Format(record, format, colour: true, buffer);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            AccessLogFormatter.Format(record, format, colour: true, buffer);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }
}
