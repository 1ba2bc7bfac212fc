namespace SocketRelay.Tests.Daemon;

/// <summary>Sets of variables under which the engine tests run.</summary>
internal static class Settings
{
    /// <summary>What a worker that builds and runs containers is commonly given: no services, no swarm.</summary>
    public static readonly (string Name, string Value)[] Worker =
    [
        ("CONTAINERS", "1"), ("BUILD", "1"), ("POST", "1"), ("IMAGES", "1"), ("NETWORKS", "1"), ("VOLUMES", "1"), ("EXEC", "1"),
        ("ALLOW_START", "1"), ("ALLOW_STOP", "1"), ("SERVICES", "0"), ("SWARM", "0"),
    ];

    /// <summary>Every section that the CLI's everyday verbs reach, swarm included.</summary>
    public static readonly (string Name, string Value)[] Everything =
    [
        .. Worker[..9], ("SERVICES", "1"), ("SWARM", "1"), ("COMMIT", "1"), ("INFO", "1"), ("SYSTEM", "1"), ("NODES", "1"), ("TASKS", "1"),
        ("CONFIGS", "1"), ("SECRETS", "1"), ("DISTRIBUTION", "1"), ("AUTH", "1"), ("PLUGINS", "1"), ("SESSION", "1"), ("GRPC", "1"),
        ("ALLOW_RESTARTS", "1"),
    ];
}
