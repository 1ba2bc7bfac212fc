using SocketRelay.Transport;

namespace SocketRelay.Tests.Support;

/// <summary>
/// The engine's side in memory: every dial gives a fresh connection that the test answers by hand (or an error number). What arrived
/// on each connection is kept as raw text.
/// </summary>
internal sealed class ScriptedDaemon(TestLoop loop) : IConnector
{
    /// <summary>The connections dialled so far, oldest first.</summary>
    public List<InMemoryEndpoint> Connections { get; } = [];

    /// <summary>The newest connection.</summary>
    public InMemoryEndpoint Newest => Connections[^1];

    /// <summary>When not 0, dialling fails with this error number.</summary>
    public int DialErrno { get; set; }

    public ValueTask<ConnectResult> ConnectAsync(TimeSpan timeout)
    {
        if (DialErrno != 0)
            return new(new ConnectResult(null, DialErrno));
        InMemoryEndpoint endpoint = new(loop);
        Connections.Add(endpoint);
        return new(new ConnectResult(endpoint, 0));
    }
}
