using System.Text;
using SocketRelay.Diagnostics;
using SocketRelay.Exchange;
using SocketRelay.Tests.Fuzz;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Schedules;

/// <summary>What must hold along every schedule, and after it once each side has paid what it owes.</summary>
internal static class ScheduleJudge
{
    private const string LaterRequest = "GET /version HTTP/1.1\r\nHost: later\r\n\r\n";
    private const string LaterAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nlater";

    /// <summary>After each action.</summary>
    public static void CheckStep(ScheduleWorld world)
    {
        FuzzFinding.Unless(world.Ends <= 1, "the session ended twice");
        FuzzFinding.Unless(
            world.Ends == 0 || (world.Client.IsDisposed && world.Connector.Connections.TrueForAll(static side => side.IsDisposed)), "a session is over and leaves a connection open");
        if (world.Done[^1] == ScheduleAction.ClientResets)
            FuzzFinding.Unless(world.Carriers.All(static carrier => carrier.FinReceived || carrier.IsAborted || carrier.HasUnread), "the engine is not told that the client is gone");
        if (world is { SentAtReset: { } before, Scenario.Window: 0 })
            FuzzFinding.Unless(world.Carriers.Sum(static carrier => carrier.Drained) == before, "something is sent in the name of a client that is gone");
        if (world.Done[^1] == ScheduleAction.Cuts)
            FuzzFinding.Unless(world.Ends == 1 || world.Connector.IsDialling || world.Connector.Connections.Exists(static side => !side.IsDisposed), "a cut session goes on");
        if (world.Done[^1] == ScheduleAction.Drains)
            FuzzFinding.Unless(world.Ends == 1 || !IsBetweenRequests(world), "a session that waits for a request outlives the drain");
    }

    /// <summary>Lets every side do what it owes, then looks whether all is over and right.</summary>
    public static void Finish(ScheduleWorld world)
    {
        if (world.Done.Count % 2 == 1)
            LetTheClientBeSilent(world);
        PayDebts(world);
        FuzzFinding.Unless(world.Ends == 1, "the session hangs though nobody owes it anything");
        FuzzFinding.Unless(world.Services.Running.Count == 0, "a session that is over still runs");
        FuzzFinding.Unless(world.Services.Gathered.Held == 0 && world.Services.TunnelsOpen == 0, "something is left on the books");
        int records = world.Sink.Records.Count;
        world.Loop.Advance(TimeSpan.FromHours(2));
        FuzzFinding.Unless(world.Loop.Timers.MillisecondsToNext(world.Loop.Now) < 0 && world.Sink.Records.Count == records, "a deadline outlives its session");
        SessionOracle.Check(world.Sent, world.Carriers, world.Sink.Records);
        CheckStory(world);
        CheckNextSession(world);
    }

    // Everything that the client has sent is on record, and it is not being told off.
    private static bool IsBetweenRequests(ScheduleWorld world)
    {
        int at = 0;
        int requests = 0;
        ReadOnlySpan<byte> sent = world.Sent;
        for (; at < sent.Length; requests++)
        {
            StrictMessage message = StrictReader.Read(sent, at);
            if (message.State != StrictState.Whole)
                return false;
            at = message.End;
        }

        return requests == world.Sink.Records.Count(static entry => !entry.Record.IsStart) && !world.Client.FinReceived && !world.Client.HasUnread;
    }

    // What has not come to the engine yet waits for the client alone, and that has a bound.
    private static void LetTheClientBeSilent(ScheduleWorld world)
    {
        if (world.Ends > 0 || world.Connector.Connections.Count > 0 || world.Connector.IsDialling || world.Client.HasUnread)
            return;
        for (int times = 0; times < 4 && world.Enabled().Contains(ScheduleAction.TimePasses); times++)
        {
            world.Do(ScheduleAction.TimePasses);
            CheckStep(world);
        }

        FuzzFinding.Unless(world.Ends == 1, "a silent client holds its session for ever");
    }

    private static void PayDebts(ScheduleWorld world)
    {
        ScheduleAction[] due = [ScheduleAction.DialSucceeds, ScheduleAction.ClientReads, ScheduleAction.EngineReads, ScheduleAction.EngineSends, ScheduleAction.ClientSends];
        for (int rounds = 0; rounds < 400 && world.Ends == 0; rounds++)
        {
            List<ScheduleAction> enabled = world.Enabled();
            int next = Array.FindIndex(due, enabled.Contains);
            if (next >= 0)
                world.Do(due[next]);
            else if (enabled.Contains(ScheduleAction.EngineEnds) && (world.Connector.Connections[^1].FinReceived || world.Client.HasEnded))
                world.Do(ScheduleAction.EngineEnds);
            else if (enabled.Contains(ScheduleAction.ClientEnds))
                world.Do(ScheduleAction.ClientEnds);
            else if (enabled.Contains(ScheduleAction.TimePasses))
                world.Do(ScheduleAction.TimePasses);
            else
                return;
            CheckStep(world);
        }
    }

    // What the client was told, what is on record, and who is named as the one that ended it.
    private static void CheckStory(ScheduleWorld world)
    {
        string heard = world.Client.Received;
        List<AccessRecord> ended = [.. world.Sink.Records.Select(static entry => entry.Record).Where(static record => !record.IsStart)];
        long told = ended.Sum(static record => record.BytesDown);
        FuzzFinding.Unless(heard.Length <= told || heard.StartsWith("HTTP/1.1 100 ", StringComparison.Ordinal), "the client got bytes that are on no record");
        HashSet<EndParty> possible = [EndParty.None, .. world.Scenario.AtFault, .. world.Done.SelectMany(action => PartiesOf(world, action))];
        foreach (AccessRecord record in ended)
        {
            FuzzFinding.Unless(possible.Contains(record.End.Party), $"{record.End} names who has done nothing");
            FuzzFinding.Unless(IsPhaseRight(record), $"{record.End} names a phase that it was not in");
            FuzzFinding.Unless(record.Status == 0 || record.BytesDown > 0 || world.Client.IsAborted, "a status is on record and nobody was told");
        }

        bool isClean = !world.Client.ResetReceived && !world.Client.IsAborted;
        FuzzFinding.Unless(!isClean || heard.Length == told || ended.Count == 0 || heard.StartsWith("HTTP/1.1 100 ", StringComparison.Ordinal), "a clean end lost bytes");
        if (isClean && !world.Client.HasEnded)
            FuzzFinding.Unless(!IsCutShort(heard), "a broken transfer looks like a clean end");
    }

    // The last answer that the client got says how long it is, and is shorter.
    private static bool IsCutShort(string heard)
    {
        int at = 0;
        while (at < heard.Length)
        {
            int head = heard.IndexOf("\r\n\r\n", at, StringComparison.Ordinal);
            if (head < 0)
                return true;
            string fields = heard[at..head];
            at = head + 4;
            int field = fields.IndexOf("Content-Length: ", StringComparison.Ordinal);
            if (field >= 0)
            {
                at += int.Parse(fields[(field + 16)..].Split('\r')[0], System.Globalization.CultureInfo.InvariantCulture);
            }
            else if (fields.Contains("chunked", StringComparison.Ordinal))
            {
                int end = heard.IndexOf("0\r\n\r\n", at, StringComparison.Ordinal);
                if (end < 0)
                    return true;
                at = end + 5;
            }
            else if (!fields.StartsWith("HTTP/1.1 100 ", StringComparison.Ordinal))
            {
                return false; // ends with its connection
            }
        }

        return at > heard.Length;
    }

    private static IEnumerable<EndParty> PartiesOf(ScheduleWorld world, ScheduleAction action) => action switch
    {
        ScheduleAction.ClientEnds or ScheduleAction.ClientResets => [EndParty.Downstream],
        ScheduleAction.EngineEnds or ScheduleAction.EngineResets or ScheduleAction.DialFails => [EndParty.Upstream],
        // A question of the guard that stays without an answer is the engine's failing.
        ScheduleAction.TimePasses => world.Scenario.IsGuarded ? [EndParty.DownstreamTimeout, EndParty.Upstream] : [EndParty.DownstreamTimeout],
        ScheduleAction.Cuts => [EndParty.Drain],
        _ => [],
    };

    private static bool IsPhaseRight(in AccessRecord record) => record.End.Phase switch
    {
        EndPhase.RequestHead => record.OwnMicroseconds < 0 && record.BytesUp == 0,
        EndPhase.Connect => record.OwnMicroseconds < 0,
        EndPhase.ResponseHead => record.OwnMicroseconds >= 0 && record.EngineMicroseconds < 0,
        _ => true,
    };

    // Sessions and all they hold are used again: what happened to one must not be seen by the next.
    private static void CheckNextSession(ScheduleWorld world)
    {
        int connections = world.Connector.Connections.Count;
        InMemoryEndpoint client = new(world.Loop);
        int ends = 0;
        world.Services.StartSession(client, () => ends++);
        client.Send(LaterRequest);
        FuzzFinding.Unless(world.Connector.IsDialling, "the next session does not dial");
        world.Connector.Succeed();
        InMemoryEndpoint engine = world.Connector.Connections[connections];
        FuzzFinding.Unless(Encoding.ASCII.GetString(Encoding.Latin1.GetBytes(engine.Received)) == LaterRequest, "the next session sends something else");
        engine.Send(LaterAnswer);
        FuzzFinding.Unless(client.Received == LaterAnswer, "the next session's client gets something else");
        client.Fin();
        FuzzFinding.Unless(ends == 1 && engine.IsDisposed && world.Sink.Records[^1].Record.End == default, "the next session does not end");
    }
}
