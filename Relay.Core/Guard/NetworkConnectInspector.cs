namespace SocketRelay.Guard;

/// <summary>POST /networks/{id}/connect and /networks/{id}/disconnect: any container may join any network, but the relay stays where it is.</summary>
internal static class NetworkConnectInspector
{
    /// <summary>The table.</summary>
    public static ObjectShape Shape { get; } = new(
        FieldRule.Of("Container", GuardPower.Self, NetworkChecks.Container),
        FieldRule.Object("EndpointConfig", ContainerCreateInspector.Endpoint));
}
