namespace SocketRelay.Tests.Support;

/// <summary>
/// Inspections as an engine gives them of things without power: what the guard's questions get from the stand-in engine. The fields
/// are those that both engines give for a container made by <c>docker run --network none</c>.
/// </summary>
internal static class HarmlessInspection
{
    /// <summary>The full id that every container of the stand-in has.</summary>
    public const string ContainerId = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    /// <summary>The inspection that a path asks for, or null when it asks for something else.</summary>
    public static string? Of(string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length > 0 && parts[0].Length > 1 && parts[0][0] == 'v' && char.IsAsciiDigit(parts[0][1]))
            parts = parts[1..];
        return parts switch
        {
            ["containers", _, "json"] => Container,
            ["exec", var id, "json"] => $$"""{"ID":"{{id}}","Running":false,"ProcessConfig":{"tty":false,"entrypoint":"sh","arguments":[],"privileged":false},"OpenStdin":true,"ContainerID":"{{ContainerId}}","Pid":0}""",
            ["volumes", var name] => $$"""{"Name":"{{name}}","Driver":"local","Mountpoint":"/data/volumes/{{name}}/_data","Labels":null,"Options":null,"Scope":"local"}""",
            ["info"] => """{"ID":"stand-in","CgroupVersion":"1","DockerRootDir":"/data","DefaultRuntime":"runc","ServerVersion":"20.10.24"}""",
            _ => null,
        };
    }

    private const string Container =
        $$$"""{"Id":"{{{ContainerId}}}","Name":"/web","State":{"Status":"running","Running":true},"HostConfig":{"Binds":null,"NetworkMode":"none","PidMode":"","IpcMode":"private","UTSMode":"","UsernsMode":"","CgroupnsMode":"private","Privileged":false,"CapAdd":null,"CapDrop":null,"Devices":[],"DeviceRequests":null,"DeviceCgroupRules":null,"SecurityOpt":null,"VolumesFrom":null,"Runtime":"runc","Mounts":null,"MaskedPaths":["/proc/asound","/proc/acpi","/proc/kcore","/proc/keys","/proc/latency_stats","/proc/timer_list","/proc/timer_stats","/proc/sched_debug","/proc/scsi","/sys/firmware"],"ReadonlyPaths":["/proc/bus","/proc/fs","/proc/irq","/proc/sys","/proc/sysrq-trigger"]},"Mounts":[],"Config":{"Hostname":"web","Image":"busybox:local"}}""";
}
