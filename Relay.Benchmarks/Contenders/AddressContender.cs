using SocketRelay.Benchmarks.Load;

namespace SocketRelay.Benchmarks.Contenders;

/// <summary>A proxy that somebody else runs, by its address. On this machine its processes are found by the port.</summary>
/// <param name="address"><c>tcp://host:port</c>.</param>
internal sealed class AddressContender(string address) : Contender
{
    private IReadOnlyList<int> _listeners = [];

    /// <inheritdoc />
    public override string Name => address;

    /// <inheritdoc />
    public override IReadOnlyList<int> Processes() => _listeners.Count == 0 ? [] : ProcessFamily.Of(_listeners);

    /// <inheritdoc />
    protected override Target Open(Target engine)
    {
        Target target = Target.Parse(address);
        if (target.WhyUnreachable() is string why)
            throw new HarnessException($"the proxy at {address} cannot be reached: {why}; start it, or name another with --through");
        _listeners = target.Port == 0 ? [] : ListenerOwner.Of(target.Port);
        return target;
    }
}
