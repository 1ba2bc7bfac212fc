using System.Text;
using SocketRelay.Http;
using SocketRelay.Policy;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Fuzz;

/// <summary>
/// Any bytes as all that a client sends on one connection, in pieces, to a session with an engine that answers every request it finds.
/// However tolerant that engine reads, it finds no request that the policy denies; the session comes to rest and closes everything.
/// </summary>
internal static class SessionTarget
{
    // Writes are open here, so bodies of both framings go through; a hidden request would be for what is shut.
    private const string Switches = "POST CONTAINERS EXEC PING VERSION";
    private const string Answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    /// <summary>Runs one input.</summary>
    public static void Run(ReadOnlySpan<byte> input)
    {
        byte[] bytes = input.ToArray();
        SessionHarness harness = new(Switches);
        Dictionary<InMemoryEndpoint, int> answered = [];
        foreach (byte[] piece in bytes.Chunk(1 + bytes.Length % 61))
        {
            harness.Client.Send(piece);
            AnswerAll(harness, answered);
        }

        if (!harness.Ended)
            harness.Client.Fin();
        AnswerAll(harness, answered);
        for (int seconds = 0; seconds < 600 && !harness.Ended; seconds += 60)
        {
            foreach (InMemoryEndpoint connection in harness.Daemon.Connections.Where(connection => !connection.IsDisposed && connection.FinReceived))
                connection.Fin();
            harness.Loop.Advance(TimeSpan.FromSeconds(60));
        }

        FuzzFinding.Unless(harness.Ended, "the session does not end after its client left");
        FuzzFinding.Unless(harness.Client.IsDisposed && harness.Daemon.Connections.All(connection => connection.IsDisposed), "a connection is left open");
        FuzzFinding.Unless(harness.Services.GatheredBytes == 0 && harness.Services.TunnelsOpen == 0, "something is left on the books");
    }

    private static void AnswerAll(SessionHarness harness, Dictionary<InMemoryEndpoint, int> answered)
    {
        bool any = true;
        while (any)
        {
            any = false;
            foreach (InMemoryEndpoint connection in harness.Daemon.Connections.ToArray())
            {
                byte[] received = Encoding.Latin1.GetBytes(connection.Received);
                IReadOnlyList<string> requestLines = TolerantEngine.Read(received, out int complete);
                foreach (string requestLine in requestLines)
                    FuzzFinding.Unless(IsAllowed(requestLine, harness.Services.Planner), $"the engine reads a request that is denied: {requestLine}");
                int before = answered.GetValueOrDefault(connection);
                if (complete <= before || connection.IsDisposed)
                    continue;
                answered[connection] = before + 1;
                connection.Send(Answer);
                any = true;
            }
        }
    }

    private static bool IsAllowed(string requestLine, RequestPlanner planner)
    {
        byte[] head = Encoding.Latin1.GetBytes(requestLine + "\r\nHost: x\r\n\r\n");
        return HeadParser.TryParseRequest(head, HeadLimits.Default, out RequestHead request) == MessageDefect.None
            && planner.Plan(request, head, out RequestPlan plan) == MessageDefect.None
            && plan.Verdict.IsAllowed;
    }
}
