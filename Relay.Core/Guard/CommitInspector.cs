namespace SocketRelay.Guard;

/// <summary>POST /commit: the config that the new image takes over. A container of it gets the health check.</summary>
internal static class CommitInspector
{
    /// <summary>The table.</summary>
    public static ObjectShape Shape { get; } = new(
        FieldRule.Object("Healthcheck", HealthChecks.Shape),
        FieldRule.Map("Labels"),
        FieldRule.Map("ExposedPorts"),
        FieldRule.Map("Volumes"));
}
