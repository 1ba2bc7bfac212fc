namespace SocketRelay.Guard;

/// <summary>POST /containers/{name}/update. The engine takes Resources and a restart policy; what else a HostConfig holds is ignored today
/// and refused here all the same.</summary>
internal static class ContainerUpdateInspector
{
    /// <summary>The table.</summary>
    public static ObjectShape Shape { get; } = new(
    [
        .. HostConfigShape.Rules,
        FieldRule.Object("HostConfig", new ObjectShape(HostConfigShape.Rules)),
    ]);
}
