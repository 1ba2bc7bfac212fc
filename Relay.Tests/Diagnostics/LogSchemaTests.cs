using System.Text;
using System.Text.Json;
using Json.Schema;
using Microsoft.Extensions.Logging;
using SocketRelay.Diagnostics;
using SocketRelay.Exchange;
using SocketRelay.Host;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Diagnostics;

/// <summary>Holds every form of a JSON log line to the schema in docs/access-log.schema.json, and the schema to the document beside it.</summary>
[TestFixture]
internal sealed class LogSchemaTests
{
    private static readonly string Folder = Path.Combine(Repository.Root!, "docs");
    private static readonly JsonSchema Schema = JsonSchema.FromText(File.ReadAllText(Path.Combine(Folder, "access-log.schema.json")));

    [Test]
    public void EveryAccessRecord_KeepsToTheSchema()
    {
        AccessRecord record = new()
        {
            StartedAtUnixMs = 1_700_000_000_000, Method = "GET"u8.ToArray(), Path = "/a\x01\xFF\"\\"u8.ToArray(), OwnMicroseconds = 1, EngineMicroseconds = -1, TotalMicroseconds = -1,
        };
        foreach (AccessVerdict verdict in Enum.GetValues<AccessVerdict>())
        {
            foreach (EndParty party in Enum.GetValues<EndParty>())
            {
                foreach (EndPhase phase in Enum.GetValues<EndPhase>())
                {
                    ShouldBeValid(Line(record with { Verdict = verdict, End = new EndCode(party, phase) }));
                    ShouldBeValid(Line(record with
                    {
                        Verdict = verdict, End = new EndCode(party, phase), IsStart = true, IsTunnel = true, Client = "[::1]:4711"u8.ToArray(), Rule = "POST", Reason = "a \"reason\"\n",
                        Status = 101, EngineMicroseconds = 5, TotalMicroseconds = 7, BytesUp = 1, BytesDown = 2,
                    }));
                }
            }
        }
    }

    [Test]
    public void EveryOperationalLine_KeepsToTheSchema()
    {
        RelayConsoleFormatter formatter = new(LogFormat.Json, TimeProvider.System);
        foreach (LogLevel level in (LogLevel[])[LogLevel.Critical, LogLevel.Error, LogLevel.Warning, LogLevel.Information, LogLevel.Debug])
        {
            ShouldBeValid(formatter.Format(level, 1000, "a \"message\" \x1B \u1234", null));
            ShouldBeValid(formatter.Format(level, 3001, "a fault", new InvalidOperationException("why")));
        }
    }

    [Test]
    public void LinesOfARun_KeepToTheSchema()
    {
        using var engine = new RecordingDaemon();
        using var relay = RelayProcess.StartRelay(engine.SocketPath, ("CONTAINER", "1"));
        foreach (string request in (string[])["GET /version HTTP/1.1\r\nHost: x\r\n\r\n", "GET /info HTTP/1.1\r\nHost: x\r\n\r\n", "GET //\xFF HTTP/1.1\r\nHost: x\r\n\r\n", "no\r\n\r\n"])
        {
            using var client = RawClient.Connect(relay.Port);
            client.Send(request);
            client.ReadHead();
        }

        relay.Signal(Signals.Terminate);
        string[] lines = relay.WaitForExit().ShouldExit(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Count(static line => line.Contains("\"type\":\"access\"", StringComparison.Ordinal)).ShouldBe(4);
        lines.Length.ShouldBeGreaterThan(8);
        foreach (string line in lines)
            ShouldBeValid(line);
    }

    [TestCase("\"status\":200", "\"status\":\"200\"")]
    [TestCase("\"verdict\":\"allowed\"", "\"verdict\":\"maybe\"")]
    [TestCase("\"tunnel\":false,", "")]
    [TestCase("\"tunnel\":false,", "\"tunnel\":false,\"more\":1,")]
    public void Schema_RefusesAnotherLine(string part, string another)
    {
        string line = Line(new AccessRecord { Method = "GET"u8.ToArray(), Path = "/"u8.ToArray(), Status = 200 });
        line.ShouldContain(part);
        using JsonDocument changed = JsonDocument.Parse(line.Replace(part, another, StringComparison.Ordinal));
        Schema.Evaluate(changed.RootElement).IsValid.ShouldBeFalse();
    }

    [Test]
    public void Document_ListsTheMembersInTheirOrderAndShowsAValidLine()
    {
        string document = File.ReadAllText(Path.Combine(Folder, "access-log.md"));
        using JsonDocument schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "access-log.schema.json")));
        string[] members = [.. schema.RootElement.GetProperty("$defs").GetProperty("access").GetProperty("properties").EnumerateObject().Select(static member => member.Name)];
        using JsonDocument line = JsonDocument.Parse(Line(new AccessRecord { Method = "GET"u8.ToArray(), Path = "/"u8.ToArray() }));
        line.RootElement.EnumerateObject().Select(static member => member.Name).ShouldBe(members);
        document[document.IndexOf("| member |", StringComparison.Ordinal)..].Split('\n').Skip(2).TakeWhile(static row => row.StartsWith('|'))
            .SelectMany(static row => row.Split('|')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(static word => word.Trim('`')).ShouldBe(members);

        string[] shown = [.. document.Split('\n').Where(static row => row.StartsWith("{\"time\":\"2", StringComparison.Ordinal))];
        shown.Length.ShouldBe(1);
        shown[0].ShouldBe(Line(AccessLogFormatterTests.Shown));
        ShouldBeValid(shown[0]);
    }

    private static string Line(in AccessRecord record)
    {
        byte[] buffer = new byte[AccessLogFormatter.MaxLineBytes];
        return Encoding.UTF8.GetString(buffer, 0, AccessLogFormatter.Format(record, LogFormat.Json, colour: false, buffer)).TrimEnd('\n');
    }

    private static void ShouldBeValid(string line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        Schema.Evaluate(document.RootElement, new EvaluationOptions { RequireFormatValidation = true }).IsValid.ShouldBeTrue(line);
    }
}
