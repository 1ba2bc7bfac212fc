using SocketRelay.Benchmarks.Load;

namespace SocketRelay.Benchmarks.Contenders;

/// <summary>Something between the calls and the engine (or nothing), as a run measures it.</summary>
internal abstract class Contender : IDisposable
{
    private Target? _target;

    /// <summary>What tables, pictures and JSON call it.</summary>
    public abstract string Name { get; }

    /// <summary>The size of its executable in bytes; null where there is none or it is not known.</summary>
    public virtual long? ExecutableBytes => null;

    /// <summary>Where calls go once it has started.</summary>
    public Target Target => _target ?? throw new InvalidOperationException($"{Name} has not started");

    /// <summary>Starts it in front of an engine; returns when it listens.</summary>
    /// <exception cref="HarnessException">It cannot be started or reached.</exception>
    public void Start(Target engine) => _target = Open(engine);

    /// <summary>Its processes and their descendants; empty where there are none or they cannot be seen.</summary>
    public virtual IReadOnlyList<int> Processes() => [];

    /// <summary>Called between measurements, never inside one.</summary>
    public virtual void TidyUp()
    {
    }

    /// <summary>Stops what <see cref="Start"/> started; it may be started again.</summary>
    public virtual void Dispose()
    {
    }

    /// <summary>Starts it; returns where it listens.</summary>
    protected abstract Target Open(Target engine);
}
