namespace SocketRelay.Guard;

/// <summary>POST /containers/create: Config at the top, HostConfig and NetworkingConfig inside.</summary>
internal static class ContainerCreateInspector
{
    /// <summary>An endpoint of a container in a network.</summary>
    public static ObjectShape Endpoint { get; } = new(
        FieldRule.Of("NetworkID", GuardPower.HostNamespaces, NetworkChecks.NetworkId),
        FieldRule.Map("DriverOpts"));

    private static readonly ObjectShape NetworkingConfig = new(
        FieldRule.Map("EndpointsConfig", GuardPower.HostNamespaces, NetworkChecks.EndpointKeys, Endpoint));

    /// <summary>The table. HostConfig's rows stand at the top level too: engine 20.10 reads them there when HostConfig is absent or null. The
    /// rest of it is a Config, as a commit has it.</summary>
    public static ObjectShape Shape { get; } = new(
    [
        .. HostConfigShape.Rules,
        FieldRule.Object("HostConfig", new ObjectShape(HostConfigShape.Rules)),
        FieldRule.Object("NetworkingConfig", NetworkingConfig),
        .. CommitInspector.Shape.Rules,
    ]);
}
