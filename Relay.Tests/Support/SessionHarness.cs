using System.Collections.Concurrent;
using SocketRelay.Diagnostics;
using SocketRelay.Guard;
using SocketRelay.Http;
using SocketRelay.Policy;
using SocketRelay.Sessions;

namespace SocketRelay.Tests.Support;

/// <summary>A session between an in-memory client and a scripted engine: raw text in, raw text out.</summary>
internal sealed class SessionHarness
{
    public const string SeedSwitches = "CONTAINERS BUILD POST IMAGES NETWORKS VOLUMES EXEC ALLOW_START ALLOW_STOP";

    // A table is never changed, and generated tests start hundreds of thousands of sessions under a few of them.
    private static readonly ConcurrentDictionary<string, AclTable> Tables = new();

    public SessionHarness(string switches = SeedSwitches, SessionOptions? options = null, long clientRoom = long.MaxValue, JudgedHeads? judgedHeads = null, BodyGuard? guard = null, long gatheredMemory = 64 << 20)
    {
        GatheredMemory gathered = new(gatheredMemory);
        Loop = new TestLoop();
        Daemon = new ScriptedDaemon(Loop);
        AclTable table = Tables.GetOrAdd(switches, static switches => Compile(switches));
        Services = new RelayServices
        {
            Loop = Loop,
            Connector = Daemon,
            Planner = new RequestPlanner(table),
            Table = table,
            Access = Sink,
            Time = Loop.Time,
            Options = options ?? new SessionOptions(),
            JudgedHeads = judgedHeads ?? new JudgedHeads(),
            Guard = guard,
            Questions = new EngineQuestions(Loop, Daemon, HeadLimits.Default, gathered),
            Gathered = gathered,
        };
        Client = new InMemoryEndpoint(Loop, clientRoom);
        Services.StartSession(Client, () => Ended = true);
        Loop.Run();
    }

    public TestLoop Loop { get; }

    public ScriptedDaemon Daemon { get; }

    public RecordingSink Sink { get; } = new();

    public RelayServices Services { get; }

    public InMemoryEndpoint Client { get; }

    /// <summary>True once the session has closed both its connections.</summary>
    public bool Ended { get; private set; }

    /// <summary>The engine's newest connection.</summary>
    public InMemoryEndpoint Engine => Daemon.Newest;

    /// <summary>The last access record.</summary>
    public AccessRecord LastRecord => Sink.Records[^1].Record;

    /// <summary>The client sends, the loop comes to rest.</summary>
    public void Ask(string text) => Client.Send(text);

    /// <summary>The engine answers on its newest connection, the loop comes to rest.</summary>
    public void Answer(string text) => Engine.Send(text);

    private static AclTable Compile(string switches)
    {
        HashSet<string> on = [.. switches.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        return AclCompiler.Compile(TecnativaSwitches.Read(name => on.Contains(name) ? "1" : null));
    }

    /// <summary>Asserts that the session is over, both sides are closed and nothing is left behind.</summary>
    public void ShouldBeOver()
    {
        Ended.ShouldBeTrue("the session did not end");
        Client.IsDisposed.ShouldBeTrue();
        Daemon.Connections.ShouldAllBe(static connection => connection.IsDisposed);
        Services.Running.ShouldBeEmpty();
        Services.Gathered.Held.ShouldBe(0);
        Services.HeldHeadBytes.ShouldBe(0);
        Services.TunnelsOpen.ShouldBe(0);
    }
}
