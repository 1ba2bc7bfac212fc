using System.Net;
using SocketRelay.Benchmarks.Load;
using SocketRelay.Diagnostics;
using SocketRelay.Guard;
using SocketRelay.Policy;
using SocketRelay.Sessions;
using SocketRelay.Transport;

namespace SocketRelay.Benchmarks.Contenders;

/// <summary>
/// The relay's own rooms inside this process, for trying it without publishing anything: sessions with policy and guard on an event loop
/// of their own thread, in front of an engine's socket, on a loopback port of the kernel's choice.
/// </summary>
internal sealed class InProcessRelay : IDisposable
{
    private const int MostConnections = 1000;

    private readonly EventLoop _loop;
    private readonly Listener _listener;
    private readonly Thread _thread;

    /// <summary>Starts it.</summary>
    /// <param name="socketPath">The engine's socket.</param>
    /// <param name="switches">The variables that are set, by name; all others have their defaults.</param>
    /// <param name="access">Takes the access records, on the relay's thread.</param>
    /// <exception cref="HarnessException">The settings are wrong, or nothing can listen.</exception>
    public InProcessRelay(string socketPath, IReadOnlyDictionary<string, string> switches, IAccessSink access)
    {
        string? Read(string name) => switches.GetValueOrDefault(name);
        AclTable table = AclCompiler.Compile(TecnativaSwitches.Read(Read));
        (GuardSettings? guard, IReadOnlyList<string> errors) = GuardSettingsParser.Parse(Read);
        if (guard is null)
            throw new HarnessException(string.Join("; ", errors));
        _loop = new EventLoop(TimeProvider.System, failure => Console.Error.WriteLine(failure));
        var connector = new UnixConnector(_loop, socketPath);
        var options = new SessionOptions();
        var gathered = new GatheredMemory(guard.Memory);
        var services = new RelayServices
        {
            Loop = _loop,
            Connector = connector,
            Planner = new RequestPlanner(table),
            Table = table,
            Access = access,
            Time = TimeProvider.System,
            Options = options,
            Guard = new BodyGuard(guard with { SocketPath = socketPath, DefaultRuntime = "runc" }),
            Questions = new EngineQuestions(_loop, connector, options.Limits, gathered),
            Gathered = gathered,
            ConnectFailureText = errno => SocketDiagnosis.Explain(socketPath, errno),
        };
        ListenResult bound = Listener.Bind(_loop, new ListenAddress { Address = IPAddress.Loopback });
        _listener = bound.Listener ?? throw new HarnessException($"nothing can listen on a loopback port (errno {bound.Errno})");
        Port = _listener.Port;
        var gate = new ConnectionGate(MostConnections);
        _listener.Start(downstream => services.StartSession(downstream, gate.Release), gate);
        _thread = new Thread(_loop.Run) { IsBackground = true, Name = "relay" };
        _thread.Start();
    }

    /// <summary>The loopback port.</summary>
    public int Port { get; }

    /// <inheritdoc />
    public void Dispose()
    {
        _loop.Post(_listener.Stop);
        _loop.Post(_loop.Stop);
        _thread.Join();
        _loop.Dispose();
    }
}
