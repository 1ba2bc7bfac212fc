using SocketRelay.Benchmarks.Load;

namespace SocketRelay.Benchmarks.Contenders;

/// <summary>No proxy: calls go to the engine's own socket.</summary>
internal sealed class DirectContender : Contender
{
    /// <inheritdoc />
    public override string Name => "direct";

    /// <inheritdoc />
    protected override Target Open(Target engine) => engine;
}
