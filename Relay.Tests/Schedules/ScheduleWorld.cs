using System.Text;
using SocketRelay.Guard;
using SocketRelay.Policy;
using SocketRelay.Sessions;
using SocketRelay.Tests.Guard;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Schedules;

/// <summary>One session with all that surrounds it, moved one action at a time. The same actions give the same run.</summary>
internal sealed class ScheduleWorld
{
    private const string Switches = "CONTAINERS BUILD POST EXEC VERSION";
    private const string QuestionMark = "\r\nHost: docker\r\nConnection: close\r\n\r\n";
    private static readonly AclTable OpenTable = AclCompiler.Compile(TecnativaSwitches.Read(name => Switches.Split(' ').Contains(name) ? "1" : null));
    private static readonly GuardSettings GuardDefaults = GuardRun.SettingsOf();

    private readonly byte[] _client;
    private int _clientPiece;
    private int _enginePiece;
    private int _answeredQuestions;

    /// <summary>A session that has just been accepted.</summary>
    public ScheduleWorld(ScheduleScenario scenario)
    {
        Scenario = scenario;
        _client = Encoding.Latin1.GetBytes(string.Concat(scenario.Client));
        long window = scenario.Window == 0 ? long.MaxValue : scenario.Window;
        Connector = new ScheduledConnector(Loop, window);
        SessionOptions options = new();
        GatheredMemory gathered = new(64 << 20);
        Services = new RelayServices
        {
            Loop = Loop,
            Connector = Connector,
            Planner = new RequestPlanner(OpenTable),
            Table = OpenTable,
            Access = Sink,
            Time = Loop.Time,
            Options = options,
            Gathered = gathered,
            Guard = scenario.IsGuarded ? new BodyGuard(GuardDefaults) : null,
            Questions = scenario.IsGuarded ? new EngineQuestions(Loop, Connector, options.Limits, gathered) : null,
        };
        Client = new InMemoryEndpoint(Loop, window);
        Services.StartSession(Client, () => Ends++);
        Loop.Run();
    }

    /// <summary>What the two sides have to say.</summary>
    public ScheduleScenario Scenario { get; }

    /// <summary>The loop and its clock.</summary>
    public TestLoop Loop { get; } = new();

    /// <summary>The dials and the engine's connections.</summary>
    public ScheduledConnector Connector { get; }

    /// <summary>What sessions share.</summary>
    public RelayServices Services { get; }

    /// <summary>The access records.</summary>
    public RecordingSink Sink { get; } = new();

    /// <summary>The client's side.</summary>
    public InMemoryEndpoint Client { get; }

    /// <summary>How often the session has said that it is over.</summary>
    public int Ends { get; private set; }

    /// <summary>The actions so far.</summary>
    public List<ScheduleAction> Done { get; } = [];

    /// <summary>How much of the client's requests had reached the engine when the client reset; null while it has not.</summary>
    public int? SentAtReset { get; private set; }

    /// <summary>Bytes that the client has sent.</summary>
    public ReadOnlySpan<byte> Sent => _client.AsSpan(0, Scenario.Client.Take(_clientPiece).Sum(static piece => piece.Length));

    /// <summary>The engine's connections that carry the client's requests.</summary>
    public IReadOnlyList<InMemoryEndpoint> Carriers => [.. Connector.Connections.Where(static connection => !IsQuestion(connection))];

    /// <summary>Whether the engine has sent all that it has to say.</summary>
    public bool HasEngineSaidAll => _enginePiece == Scenario.Engine.Length;

    /// <summary>Whether the client has sent all that it has to say.</summary>
    public bool HasClientSaidAll => _clientPiece == Scenario.Client.Length;

    private bool IsWindowed => Scenario.Window > 0;

    private bool CanClientAct => !Client.HasEnded && !Client.IsAborted && !Client.IsDisposed;

    private InMemoryEndpoint? Newest => Connector.Connections is [.., { HasEnded: false, IsAborted: false, IsDisposed: false } newest] ? newest : null;

    /// <summary>What can happen next, in the order of <see cref="ScheduleAction"/>.</summary>
    public List<ScheduleAction> Enabled()
    {
        List<ScheduleAction> enabled = [];
        if (Ends > 0)
            return enabled;
        foreach (ScheduleAction action in Enum.GetValues<ScheduleAction>())
        {
            if (CanDo(action))
                enabled.Add(action);
        }

        return enabled;
    }

    /// <summary>Whether an action disturbs an exchange.</summary>
    public static bool Disturbs(ScheduleAction action) => action >= ScheduleAction.ClientEnds;

    /// <summary>Does one enabled action; the loop comes to rest.</summary>
    public void Do(ScheduleAction action)
    {
        Done.Add(action);
        switch (action)
        {
            case ScheduleAction.ClientSends:
                Client.Send(Scenario.Client[_clientPiece++]);
                break;
            case ScheduleAction.EngineSends when IsQuestion(Newest!):
                _answeredQuestions++;
                Newest!.Send(ScheduleScenario.QuestionAnswer);
                break;
            case ScheduleAction.EngineSends:
                Newest!.Send(Scenario.Engine[_enginePiece++].Piece);
                break;
            case ScheduleAction.DialSucceeds:
                Connector.Succeed();
                break;
            case ScheduleAction.ClientReads:
                Read(Client);
                break;
            case ScheduleAction.EngineReads:
                Connector.Connections.ForEach(Read);
                break;
            case ScheduleAction.ClientEnds:
                Client.Fin();
                break;
            case ScheduleAction.ClientResets:
                SentAtReset = Carriers.Sum(static carrier => carrier.Drained);
                Client.Reset();
                break;
            case ScheduleAction.EngineEnds:
                Newest!.Fin();
                break;
            case ScheduleAction.EngineResets:
                Connector.Connections[^1].Reset();
                break;
            case ScheduleAction.DialFails:
                Connector.Refuse();
                break;
            case ScheduleAction.TimePasses:
                Loop.Advance(TimeSpan.FromMilliseconds(Loop.Timers.MillisecondsToNext(Loop.Now)));
                break;
            case ScheduleAction.Drains:
                Services.Running.Single().Drain();
                Loop.Run();
                break;
            case ScheduleAction.Cuts:
                Services.Running.Single().Abort();
                Loop.Run();
                break;
        }

        if (!IsWindowed)
        {
            Connector.Connections.ForEach(static connection => connection.Drain(long.MaxValue));
            Client.Drain(long.MaxValue);
        }
    }

    private bool CanDo(ScheduleAction action) => action switch
    {
        ScheduleAction.ClientSends => CanClientAct && !HasClientSaidAll,
        ScheduleAction.EngineSends => Newest is { } newest && (IsQuestion(newest)
            ? _answeredQuestions < Connector.Connections.Count(IsQuestion)
            : !HasEngineSaidAll && Carriers.Sum(static carrier => carrier.Drained) >= Scenario.Engine[_enginePiece].After),
        ScheduleAction.DialSucceeds => Connector.IsDialling,
        ScheduleAction.ClientReads => IsWindowed && Client.HasUnread,
        ScheduleAction.EngineReads => IsWindowed && Connector.Connections.Exists(static connection => connection.HasUnread),
        ScheduleAction.ClientEnds => CanClientAct,
        ScheduleAction.ClientResets => !Client.IsAborted && !Client.IsDisposed,
        ScheduleAction.EngineEnds => Newest is not null,
        ScheduleAction.EngineResets => Connector.Connections is [.., { IsAborted: false, IsDisposed: false }],
        ScheduleAction.DialFails => Connector.IsDialling,
        ScheduleAction.TimePasses => Loop.Timers.MillisecondsToNext(Loop.Now) >= 0,
        ScheduleAction.Drains => !Done.Contains(ScheduleAction.Drains),
        ScheduleAction.Cuts => Done.Contains(ScheduleAction.Drains) && !Done.Contains(ScheduleAction.Cuts),
        _ => false,
    };

    private void Read(InMemoryEndpoint side) => side.Drain(2 * Scenario.Window);

    private static bool IsQuestion(InMemoryEndpoint connection) => connection.DrainedText.EndsWith(QuestionMark, StringComparison.Ordinal);
}
