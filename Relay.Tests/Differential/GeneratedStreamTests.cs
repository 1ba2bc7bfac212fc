using System.Diagnostics;
using System.Text;
using System.Text.Json;
using SocketRelay.Diagnostics;
using SocketRelay.Tests.Conformance;
using SocketRelay.Tests.Daemon;
using SocketRelay.Tests.Fuzz;
using SocketRelay.Tests.Policy;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Differential;

/// <summary>
/// Generated hostile streams. In memory: what the engine received, read by a strict reader that shares nothing with the product, is what is on
/// record as allowed, byte for byte, and the reference's rules allow it too. On sockets: HAProxy gets the same bytes, and no request that it
/// refuses is allowed here.
/// </summary>
[TestFixture]
internal sealed class GeneratedStreamTests
{
    private static readonly int Seed = Environment.GetEnvironmentVariable("RELAY_SEED") is { } text
        ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture)
        : Environment.TickCount;

    private static readonly IReadOnlyDictionary<string, bool> Settings = ReferenceModel.Only(SessionTarget.Switches.Split(' '));

    // A request takes a millisecond; a busy machine takes longer, and only what is missing is waited for.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    [Test]
    public void EngineReceivesWhatWasJudged()
    {
        int count = LongForm.IsAskedFor ? 500_000 : 30_000;
        TestContext.Out.WriteLine($"RELAY_SEED={Seed}, {count} streams");
        Dictionary<AccessVerdict, int> requests = [];
        int severalAllowed = 0;
        for (int i = 0; i < count; i++)
        {
            int number = unchecked(Seed + i);
            IReadOnlyList<(AccessRecord Record, string Method, string Path)> records = Play(number, out _);
            foreach ((AccessRecord record, string method, string path) in records)
            {
                requests[record.Verdict] = requests.GetValueOrDefault(record.Verdict) + 1;
                if (record.Verdict == AccessVerdict.Allowed)
                    ReferenceModel.Allows(Settings, method, path).ShouldBeTrue($"stream {number}: {method} {path}");
            }

            severalAllowed += records.Count(static entry => entry.Record.Verdict == AccessVerdict.Allowed) > 1 ? 1 : 0;
        }

        TestContext.Out.WriteLine($"{string.Join(", ", requests.Select(static pair => $"{pair.Key} {pair.Value}"))}; {severalAllowed} streams with several allowed");
        // A generator whose streams all break at once, or pass, would show nothing.
        requests[AccessVerdict.Allowed].ShouldBeGreaterThan(count / 4);
        requests[AccessVerdict.Denied].ShouldBeGreaterThan(count / 20);
        requests[AccessVerdict.Defect].ShouldBeGreaterThan(count / 10);
        severalAllowed.ShouldBeGreaterThan(count / 20);
    }

    [Test]
    [Category("Conformance")]
    public void WhatHaproxyRefuses_IsNotAllowed()
    {
        if (!ReferenceHaproxy.IsInstalled)
            Engines.SkipOrFail("there is no HAProxy");
        int count = LongForm.IsAskedFor ? 10_000 : 2_000;
        TestContext.Out.WriteLine($"RELAY_SEED={Seed}, {count} streams");
        using RecordingDaemon daemon = new();
        using HaproxyProcess haproxy = HaproxyProcess.StartReference(
            daemon.SocketPath, [("EVENTS", "0"), .. SessionTarget.Switches.Split(' ').Select(static name => (name, "1"))]);
        int compared = 0;
        int allowed = 0;
        for (int i = 0; i < count; i++)
        {
            int number = unchecked(Seed + i);
            List<string> ours = WholeRequests(Play(number, out byte[] stream), stream);
            if (ours.Count == 0)
                continue; // nothing is allowed, so nothing can be allowed too much
            List<string> refused = RefusedByHaproxy(haproxy, daemon, stream, ours);
            refused.ShouldBeEmpty($"stream {number}: HAProxy refuses what is allowed here: {JsonSerializer.Serialize(Encoding.Latin1.GetString(stream))}");
            compared++;
            allowed += ours.Count;
        }

        TestContext.Out.WriteLine($"{compared} streams beside HAProxy with {allowed} requests allowed here, and by it");
        allowed.ShouldBeGreaterThan(count / 4);
    }

    private static IReadOnlyList<(AccessRecord Record, string Method, string Path)> Play(int number, out byte[] stream)
    {
        stream = Encoding.Latin1.GetBytes(new HostileGenerator(number).Text());
        try
        {
            return SessionTarget.Play(stream, [], []).Harness.Sink.Records;
        }
        catch (Exception finding)
        {
            throw new InvalidOperationException($"stream {number}: {finding.Message}", finding);
        }
    }

    // Requests that are whole and on record as allowed: a body that breaks or ends early leaves in parts, there as here.
    private static List<string> WholeRequests(IReadOnlyList<(AccessRecord Record, string Method, string Path)> records, byte[] stream)
    {
        List<string> allowed = [];
        int at = 0;
        foreach ((AccessRecord record, _, _) in records.Where(static entry => !entry.Record.IsStart))
        {
            StrictMessage message = StrictReader.Read(stream, at);
            at = message.End;
            if (message.State == StrictState.Whole && record.Verdict == AccessVerdict.Allowed)
                allowed.Add($"{message.Method} {message.Path}");
        }

        return allowed;
    }

    // The requests among these that do not come out of HAProxy. The client stays until they have: a FIN would end a connection there before
    // what was sent ahead of it is read.
    private static List<string> RefusedByHaproxy(HaproxyProcess haproxy, RecordingDaemon daemon, byte[] stream, List<string> requests)
    {
        daemon.Forget();
        using RawClient client = RawClient.Connect(haproxy.Port);
        try
        {
            client.Send(stream);
        }
        catch (System.Net.Sockets.SocketException)
        {
            // It closes on what it refuses, perhaps before all is sent.
        }

        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            List<string> missing = [.. requests];
            daemon.Connections.SelectMany(Passed).ToList().ForEach(request => missing.Remove(request));
            if (missing.Count == 0 || Stopwatch.GetElapsedTime(start) > Patience)
                return missing;
            Thread.Sleep(1);
        }
    }

    private static IEnumerable<string> Passed(RecordedConnection connection)
    {
        byte[] received = Encoding.Latin1.GetBytes(connection.Received);
        for (int at = 0; at < received.Length;)
        {
            StrictMessage message = StrictReader.Read(received, at);
            if (message.State == StrictState.Whole)
                yield return $"{message.Method} {message.Path}";
            at = message.End;
        }
    }
}
