using SocketRelay.Benchmarks.Load;

namespace SocketRelay.Benchmarks.Contenders;

/// <summary>The stand-in engine as a process of its own, so that its processor time and memory are nobody else's.</summary>
internal sealed class StandInProcess : IDisposable
{
    private readonly ChildProcess _process;

    /// <summary>Starts it on a socket in the run's folder; returns when it listens.</summary>
    public StandInProcess(RunFolder folder)
    {
        string socket = folder.File("engine.sock");
        string program = Environment.ProcessPath!;
        string[] own = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(StandInProcess).Assembly.Location] : [];
        _process = new ChildProcess("the stand-in engine", folder.File("engine.log"), program, [.. own, "stand-in", "--socket", socket], []);
        Target = Target.OfUnix(socket);
        _process.WaitUntilReachable(Target);
    }

    /// <summary>Where it listens.</summary>
    public Target Target { get; }

    /// <inheritdoc />
    public void Dispose() => _process.Dispose();
}
