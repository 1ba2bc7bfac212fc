using System.Text;
using SocketRelay.Http;
using SocketRelay.Policy;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Fuzz;

/// <summary>
/// Any bytes as all that a client sends on one connection, all that the engine answers, and the schedule of both, with FF FE between the
/// three. Without a schedule the client sends in pieces; without answers the engine answers every request it finds. The promises: however
/// tolerant the engine reads, it finds no request that the policy denies; what is on record as allowed is what the engine received, byte for
/// byte (<see cref="SessionOracle"/>); the session comes to rest, ends, and closes everything.
/// </summary>
internal static class SessionTarget
{
    /// <summary>What is open: writes, so bodies of both framings go through. A hidden request would be for what is shut.</summary>
    internal const string Switches = "POST CONTAINERS EXEC PING VERSION";
    private const string Answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    // The greatest amount that a step of the schedule can name stands for more than any: all the bytes, over an hour.
    private const int MostAmount = 255 / SessionPlay.Steps;
    private const int Plenty = 4096;

    /// <summary>Runs one input.</summary>
    public static void Run(ReadOnlySpan<byte> input)
    {
        ReadOnlySpan<byte> client = Part(ref input);
        ReadOnlySpan<byte> engine = Part(ref input);
        Play(client.ToArray(), engine.ToArray(), input);
    }

    /// <summary>Plays one session to its end and looks whether the promises hold.</summary>
    /// <param name="client">All that the client sends.</param>
    /// <param name="engine">What the engine sends before it answers as it should.</param>
    /// <param name="schedule">Which comes when, a byte a step.</param>
    internal static SessionPlay Play(byte[] client, byte[] engine, ReadOnlySpan<byte> schedule)
    {
        SessionPlay play = new(new SessionHarness(Switches), client, engine);
        foreach (byte step in schedule)
        {
            int amount = step / SessionPlay.Steps;
            play.Do((PlayStep)(step % SessionPlay.Steps), amount == MostAmount ? Plenty : 1 + amount);
            CheckRequests(play);
        }

        while (play.HasRest)
        {
            play.Do(PlayStep.ClientSends, 1 + client.Length % 61);
            play.Do(PlayStep.EngineSends, int.MaxValue);
            AnswerAll(play);
        }

        Finish(play);
        FuzzFinding.Unless(play.Harness.Ended, "the session does not end after its client left");
        FuzzFinding.Unless(
            play.Harness.Client.IsDisposed && play.Harness.Daemon.Connections.All(connection => connection.IsDisposed), "a connection is left open");
        FuzzFinding.Unless(play.Harness.Services.Gathered.Held == 0 && play.Harness.Services.TunnelsOpen == 0, "something is left on the books");
        SessionOracle.Check(play.Sent, play.Harness.Daemon.Connections, play.Harness.Sink.Records);
        return play;
    }

    private static ReadOnlySpan<byte> Part(ref ReadOnlySpan<byte> rest)
    {
        ReadOnlySpan<byte> mark = [0xFF, 0xFE];
        int end = rest.IndexOf(mark);
        ReadOnlySpan<byte> part = end < 0 ? rest : rest[..end];
        rest = end < 0 ? [] : rest[(end + mark.Length)..];
        return part;
    }

    private static void Finish(SessionPlay play)
    {
        SessionHarness harness = play.Harness;
        play.Do(PlayStep.ClientEnds, 0);
        AnswerAll(play);
        for (int seconds = 0; seconds < 600 && !harness.Ended; seconds += 60)
        {
            // An engine ends its answer when it is told that the client left; a client whose last bytes nobody has read yet is told on later,
            // and an answer of any length goes on until the engine ends it by itself.
            foreach (InMemoryEndpoint connection in harness.Daemon.Connections.Where(connection => !connection.IsDisposed && (connection.FinReceived || seconds >= 300)))
                connection.Fin();
            play.Do(PlayStep.TimePasses, 60);
        }
    }

    private static void AnswerAll(SessionPlay play)
    {
        bool any = true;
        while (any)
        {
            any = false;
            foreach ((InMemoryEndpoint connection, int complete) in CheckRequests(play))
            {
                int before = play.Answered.GetValueOrDefault(connection);
                if (complete <= before || connection.IsDisposed || connection.HasEnded)
                    continue;
                play.Answered[connection] = before + 1;
                connection.Send(Answer);
                any = true;
            }
        }
    }

    // What a tunnel carries are no requests.
    private static List<(InMemoryEndpoint Connection, int Complete)> CheckRequests(SessionPlay play)
    {
        List<(InMemoryEndpoint, int)> complete = [];
        bool isTunnel = play.Harness.Sink.Records.Exists(static record => record.Record.IsTunnel);
        foreach (InMemoryEndpoint connection in play.Harness.Daemon.Connections)
        {
            if (isTunnel && connection == play.Harness.Engine)
                continue;
            IReadOnlyList<string> requestLines = TolerantEngine.Read(Encoding.Latin1.GetBytes(connection.Received), out int whole);
            foreach (string requestLine in requestLines)
                FuzzFinding.Unless(IsAllowed(requestLine, play.Harness.Services.Planner), $"the engine reads a request that is denied: {requestLine}");
            complete.Add((connection, whole));
        }

        return complete;
    }

    private static bool IsAllowed(string requestLine, RequestPlanner planner)
    {
        byte[] head = Encoding.Latin1.GetBytes(requestLine + "\r\nHost: x\r\n\r\n");
        return HeadParser.TryParseRequest(head, HeadLimits.Default, out RequestHead request) == MessageDefect.None
            && planner.Plan(request, out RequestPlan plan) == MessageDefect.None
            && plan.Verdict.IsAllowed;
    }
}
