using System.Text;
using SocketRelay.Policy;
using SocketRelay.Tests.Differential;
using SocketRelay.Tests.Fuzz;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Sessions;

/// <summary>A session that knows heads from before does with every stream what one does that knows none.</summary>
[TestFixture]
internal sealed class JudgedHeadsSessionTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    [Test]
    public void GeneratedStreams_MeetTheSameWithAndWithoutAMemory()
    {
        int seed = Environment.TickCount;
        TestContext.Out.WriteLine($"first stream {seed}");
        JudgedHeads memory = new();
        int known = 0;
        for (int i = 0; i < 4_000; i++)
        {
            string[] pieces = Pieces(new HostileGenerator(unchecked(seed + i)).Text());
            string fresh = Play(pieces, new JudgedHeads());
            for (int again = 0; again < 3; again++)
                Play(pieces, memory).ShouldBe(fresh, $"stream {unchecked(seed + i)}");
            known += pieces.Count(piece => memory.Find(Encoding.Latin1.GetBytes(piece)) is not null);
        }

        TestContext.Out.WriteLine($"{known} heads came from memory");
        known.ShouldBeGreaterThan(500);
    }

    [Test]
    public void KnownHeadWithALongMethod_IsRecordedAsBefore()
    {
        string ask = new string('M', 40) + " /v1.41/containers/json HTTP/1.1\r\nHost: docker\r\n\r\n";
        SessionHarness h = new(judgedHeads: new JudgedHeads());
        for (int i = 0; i < 4; i++)
        {
            h.Ask(ask);
            h.Engine.Take().ShouldBe(ask);
            h.Answer(Ok);
            h.Client.Take().ShouldBe(Ok);
        }

        h.Sink.Records.Select(static entry => entry.Method).Distinct().ShouldHaveSingleItem().Length.ShouldBe(32);
    }

    [Test]
    public void KnownHead_IsForwardedAndRecordedAsBefore()
    {
        const string Get = "GET /v1.41/containers/json?all=1 HTTP/1.1\r\nHost: docker\r\n\r\n";
        JudgedHeads memory = new();
        SessionHarness h = new(judgedHeads: memory);
        for (int i = 0; i < 4; i++)
        {
            h.Ask(Get);
            h.Engine.Take().ShouldBe(Get);
            h.Answer(Ok);
            h.Client.Take().ShouldBe(Ok);
        }

        memory.Find(Encoding.ASCII.GetBytes(Get)).ShouldNotBeNull();
        h.Sink.Records.Select(static entry => (entry.Method, entry.Path, entry.Record.Rule, entry.Record.BytesUp, entry.Record.BytesDown, entry.Record.Status))
            .Distinct().ShouldHaveSingleItem().ShouldBe(("GET", "/v1.41/containers/json", "CONTAINERS", Get.Length, Ok.Length, 200));
        h.Ask(Get + Get);
        h.Engine.Take().ShouldBe(Get);
        h.Answer(Ok);
        h.Engine.Take().ShouldBe(Get);
        h.Answer(Ok);
        h.Ask(Get[..30]);
        h.Ask(Get[30..]);
        h.Engine.Take().ShouldBe(Get);
        h.Answer(Ok);
        h.Ask(Get.Replace("/containers/json", "/secrets/json/xx"));
        h.Engine.Take().ShouldBe("");
        h.LastRecord.Status.ShouldBe(403);
    }

    // Cut behind each empty line, so that heads mostly come alone.
    private static string[] Pieces(string stream)
    {
        List<string> pieces = [];
        for (int at = 0; at < stream.Length;)
        {
            int end = stream.IndexOf("\r\n\r\n", at, StringComparison.Ordinal);
            end = end < 0 ? stream.Length : end + 4;
            pieces.Add(stream[at..end]);
            at = end;
        }

        return [.. pieces];
    }

    // All that can be seen of a session from outside.
    private static string Play(string[] pieces, JudgedHeads memory)
    {
        SessionHarness h = new(SessionTarget.Switches, judgedHeads: memory);
        StringBuilder seen = new();
        foreach (string piece in pieces)
        {
            h.Ask(piece);
            while (h.Daemon.Connections.Count > 0 && h.Engine.Take() is { Length: > 0 } received)
            {
                seen.Append("engine: ").AppendLine(received);
                h.Answer(Ok);
            }
        }

        h.Client.Fin();
        for (int minutes = 0; minutes < 10 && !h.Ended; minutes++)
        {
            if (h.Daemon.Connections.Count > 0)
                h.Engine.Fin();
            h.Loop.Advance(TimeSpan.FromMinutes(1));
        }

        h.Ended.ShouldBeTrue();
        seen.Append("client: ").AppendLine(h.Client.Received);
        foreach (var (record, method, path) in h.Sink.Records)
            seen.AppendLine($"{method} {path} {record.Verdict} {record.Rule} {record.Reason} {record.Status} {record.BytesUp} {record.BytesDown} {record.End}");
        return seen.ToString();
    }
}
