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

    /// <summary>An answer that differs anywhere from the one before meets the same where that one is remembered as where it is not.</summary>
    [Test]
    public void AnswersThatDifferInOneByte_MeetTheSameWithAndWithoutAMemory()
    {
        const string Answer = "HTTP/1.1 200 OK\r\nDate: Thu, 26 Nov 2026 16:43:52 GMT\r\nContent-Length: 12\r\n\r\nHTTP/1.1 200";
        char[] values = ['\0', '\t', '\n', '\r', ' ', '0', '1', '3', ':', 'A', 'c', '\x7f', '\x80'];
        JudgedHeads memory = new();
        int known = 0;
        foreach (string method in (string[])["GET", "HEAD"])
        {
            PlayAnswers(method, memory, [Answer, Answer, Answer]);
            for (int at = 0; at < Answer.Length; at++)
            {
                foreach (char value in values)
                {
                    string other = Answer[..at] + value + Answer[(at + 1)..];
                    PlayAnswers(method, memory, [Answer, other, Answer]).ShouldBe(PlayAnswers(method, new JudgedHeads(), [Answer, other, Answer]), $"{method}: {other}");
                    known += memory.Find(Encoding.ASCII.GetBytes(Request(method)))?.Answer.IsAtFrontOf(Encoding.Latin1.GetBytes(other)) == true ? 1 : 0;
                }
            }
        }

        TestContext.Out.WriteLine($"{known} answers came from memory");
        known.ShouldBeGreaterThan(500);
    }

    [Test]
    public void AnswersOfAnotherLength_AreWhole()
    {
        JudgedHeads memory = new();
        SessionHarness h = new(judgedHeads: memory);
        foreach (string body in (string[])["ok", "ok", "ok", "", "longer", "ok", "longer", "longer"])
        {
            string answer = $"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}";
            h.Ask(Request("GET"));
            h.Engine.Take().ShouldBe(Request("GET"));
            h.Answer(answer);
            h.Client.Take().ShouldBe(answer);
        }

        memory.Find(Encoding.ASCII.GetBytes(Request("GET")))!.Answer.Framing.Length.ShouldBe(6);
    }

    private static string Request(string method) => $"{method} /v1.41/containers/json HTTP/1.1\r\nHost: docker\r\n\r\n";

    private static string PlayAnswers(string method, JudgedHeads memory, string[] answers)
    {
        SessionHarness h = new(judgedHeads: memory);
        StringBuilder seen = new();
        foreach (string answer in answers)
        {
            h.Ask(Request(method));
            if (h.Ended || h.Daemon.Connections.Count == 0)
                break;
            seen.Append("engine: ").AppendLine(h.Engine.Take());
            h.Answer(answer);
            seen.Append("client: ").AppendLine(h.Client.Take());
        }

        return Finish(h, seen);
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

        return Finish(h, seen);
    }

    private static string Finish(SessionHarness h, StringBuilder seen)
    {
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
