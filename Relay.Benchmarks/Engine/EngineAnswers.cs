using System.Globalization;
using System.Text;

namespace SocketRelay.Benchmarks.Engine;

/// <summary>
/// The stand-in engine's fixed answers, made once: the fields, types and framing that an engine (28.x) writes. Lists of more than 2 KB
/// are chunked, as Go's server frames them; short answers carry their length.
/// </summary>
internal static class EngineAnswers
{
    /// <summary>The full id of the one container that is always there.</summary>
    public const string ContainerId = "4f66ad9a0b2e1c3d5e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5";

    /// <summary>The id of every exec.</summary>
    public const string ExecId = "9d2f1c8b7a6e5d4c3b2a19080f7e6d5c4b3a2918070f6e5d4c3b2a1908f7e6d5";

    private const string Json = "application/json";

    /// <summary>GET /_ping.</summary>
    public static readonly byte[] Ping = Sized("text/plain; charset=utf-8", "OK", "Builder-Version: 2\r\nCache-Control: no-cache, no-store, must-revalidate\r\nPragma: no-cache\r\nSwarm: inactive\r\n");

    /// <summary>HEAD /_ping.</summary>
    public static readonly byte[] PingHead = Head("200 OK", "text/plain; charset=utf-8", "Builder-Version: 2\r\nCache-Control: no-cache, no-store, must-revalidate\r\nContent-Length: 0\r\nPragma: no-cache\r\nSwarm: inactive\r\n");

    /// <summary>GET /version.</summary>
    public static readonly byte[] Version = Sized(Json,
        """{"Platform":{"Name":"Stand-in engine"},"Components":[{"Name":"Engine","Version":"28.5.0","Details":{"ApiVersion":"1.51","Arch":"amd64","KernelVersion":"6.1.0","MinAPIVersion":"1.24","Os":"linux"}}],"Version":"28.5.0","ApiVersion":"1.51","MinAPIVersion":"1.24","GitCommit":"","GoVersion":"","Os":"linux","Arch":"amd64","KernelVersion":"6.1.0","BuildTime":""}""");

    /// <summary>GET /info.</summary>
    public static readonly byte[] Info = Sized(Json,
        """{"ID":"stand-in","Containers":3,"ContainersRunning":3,"ContainersPaused":0,"ContainersStopped":0,"Images":1,"Driver":"overlay2","DockerRootDir":"/var/lib/docker","CgroupVersion":"2","CgroupDriver":"systemd","DefaultRuntime":"runc","NCPU":2,"MemTotal":4294967296,"Name":"stand-in","ServerVersion":"28.5.0","OperatingSystem":"Stand-in engine","OSType":"linux","Architecture":"x86_64","Swarm":{"LocalNodeState":"inactive"},"SecurityOptions":["name=seccomp,profile=builtin"]}""");

    /// <summary>GET /containers/json: three containers, about 2.4 KB.</summary>
    public static readonly byte[] Containers = Chunked(Json, $"[{Listed("web", 0)},{Listed("db", 1)},{Listed("cache", 2)}]\n");

    /// <summary>GET /containers/{id}/json.</summary>
    public static readonly byte[] Container = Chunked(Json,
        $$$"""{"Id":"{{{ContainerId}}}","Created":"2026-01-01T00:00:00Z","Path":"sleep","Args":["inf"],"State":{"Status":"running","Running":true,"Paused":false,"Pid":4711,"ExitCode":0},"Image":"sha256:{{{ContainerId}}}","Name":"/web","RestartCount":0,"Driver":"overlay2","HostConfig":{"Binds":null,"NetworkMode":"bridge","PortBindings":{},"RestartPolicy":{"Name":"no","MaximumRetryCount":0},"VolumesFrom":null,"CapAdd":null,"CapDrop":null,"CgroupnsMode":"private","IpcMode":"private","Privileged":false,"PidMode":"","UTSMode":"","UsernsMode":"","SecurityOpt":null,"Runtime":"runc","Devices":[],"DeviceCgroupRules":null,"DeviceRequests":null,"MaskedPaths":["/proc/asound","/proc/acpi","/proc/kcore","/proc/keys","/proc/latency_stats","/proc/timer_list","/proc/timer_stats","/proc/sched_debug","/proc/scsi","/sys/firmware"],"ReadonlyPaths":["/proc/bus","/proc/fs","/proc/irq","/proc/sys","/proc/sysrq-trigger"]},"Mounts":[],"Config":{"Hostname":"web","Tty":false,"Env":[],"Cmd":["sleep","inf"],"Image":"busybox","Labels":{}},"NetworkSettings":{"Networks":{"bridge":{"IPAddress":"172.17.0.2"} } } }""" + "\n");

    /// <summary>POST /containers/create.</summary>
    public static readonly byte[] Created = Sized(Json, $$"""{"Id":"{{ContainerId}}","Warnings":[]}""" + "\n", status: "201 Created");

    /// <summary>POST /containers/{id}/exec.</summary>
    public static readonly byte[] ExecCreated = Sized(Json, $$"""{"Id":"{{ExecId}}"}""" + "\n", status: "201 Created");

    /// <summary>GET /exec/{id}/json.</summary>
    public static readonly byte[] Exec = Sized(Json,
        $$$"""{"ID":"{{{ExecId}}}","Running":true,"ExitCode":null,"ProcessConfig":{"tty":true,"entrypoint":"sh","arguments":[],"privileged":false},"OpenStdin":true,"OpenStderr":true,"OpenStdout":true,"CanRemove":false,"ContainerID":"{{{ContainerId}}}","DetachKeys":"","Pid":4712}""" + "\n");

    /// <summary>GET /images/json.</summary>
    public static readonly byte[] Images = Sized(Json,
        $$"""[{"Containers":-1,"Created":1767225600,"Id":"sha256:{{ContainerId}}","Labels":null,"ParentId":"","RepoDigests":[],"RepoTags":["busybox:latest"],"SharedSize":-1,"Size":4261502}]""" + "\n");

    /// <summary>GET /networks.</summary>
    public static readonly byte[] Networks = Sized(Json,
        $$"""[{"Name":"bridge","Id":"{{ContainerId}}","Scope":"local","Driver":"bridge","Internal":false,"Attachable":false,"Ingress":false,"Options":{},"Labels":{} }]""" + "\n");

    /// <summary>GET /volumes.</summary>
    public static readonly byte[] Volumes = Sized(Json, """{"Volumes":[],"Warnings":null}""" + "\n");

    /// <summary>POST /containers/{id}/wait.</summary>
    public static readonly byte[] Waited = Sized(Json, """{"StatusCode":0}""" + "\n");

    /// <summary>Starting, stopping, removing: no body.</summary>
    public static readonly byte[] NoContent = Head("204 No Content", null, "");

    /// <summary>A body was taken (build, load, archive).</summary>
    public static readonly byte[] Stored = Chunked(Json, """{"stream":"Successfully built 4f66ad9a0b2e\n"}""" + "\r\n");

    /// <summary>What no route serves.</summary>
    public static readonly byte[] NotFound = Sized(Json, """{"message":"page not found"}""" + "\n", status: "404 Not Found");

    /// <summary>The head that opens a raw stream after an Upgrade.</summary>
    public static readonly byte[] Switched =
        "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"u8.ToArray();

    /// <summary>The head that opens a raw stream without an Upgrade, as engines answer old clients.</summary>
    public static readonly byte[] RawStream = "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n"u8.ToArray();

    /// <summary>100 Continue.</summary>
    public static readonly byte[] Continue = "HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray();

    /// <summary>The head of /events.</summary>
    public static readonly byte[] EventsHead = Head("200 OK", Json, "Transfer-Encoding: chunked\r\n");

    /// <summary>The head of a container's log.</summary>
    public static readonly byte[] LogsHead = Head("200 OK", "application/vnd.docker.multiplexed-stream", "Transfer-Encoding: chunked\r\n");

    /// <summary>The end of a chunked body.</summary>
    public static readonly byte[] LastChunk = "0\r\n\r\n"u8.ToArray();

    /// <summary>The head of a download of known length.</summary>
    public static byte[] DownloadHead(long length) =>
        Head("200 OK", "application/x-tar", string.Create(CultureInfo.InvariantCulture, $"Content-Length: {length}\r\n"));

    /// <summary>The head of a chunked download.</summary>
    public static byte[] ChunkedDownloadHead() => Head("200 OK", "application/x-tar", "Transfer-Encoding: chunked\r\n");

    // The ids are the one id turned: each its own from the first digit on, since people see twelve of them.
    private static string Listed(string name, int port) => string.Create(CultureInfo.InvariantCulture,
        $$$"""{"Id":"{{{ContainerId[port..]}}}{{{ContainerId[..port]}}}","Names":["/{{{name}}}"],"Image":"registry.example/team/{{{name}}}:2.4.1","ImageID":"sha256:{{{ContainerId}}}","Command":"docker-entrypoint.sh {{{name}}}","Created":1767225600,"Ports":[{"IP":"0.0.0.0","PrivatePort":8080,"PublicPort":{{{30000 + port}}},"Type":"tcp"}],"Labels":{"com.docker.compose.project":"shop","com.docker.compose.service":"{{{name}}}","com.docker.compose.version":"2.40.0"},"State":"running","Status":"Up 3 days (healthy)","HostConfig":{"NetworkMode":"shop_default"},"NetworkSettings":{"Networks":{"shop_default":{"NetworkID":"{{{ContainerId}}}","Gateway":"172.18.0.1","IPAddress":"172.18.0.{{{port + 2}}}","IPPrefixLen":16} } },"Mounts":[]}""");

    private static byte[] Sized(string type, string body, string fields = "", string status = "200 OK")
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        return [.. Head(status, type, string.Create(CultureInfo.InvariantCulture, $"{fields}Content-Length: {bytes.Length}\r\n")), .. bytes];
    }

    private static byte[] Chunked(string type, string body)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        byte[] size = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{bytes.Length:x}\r\n"));
        return [.. Head("200 OK", type, "Transfer-Encoding: chunked\r\n"), .. size, .. bytes, .. "\r\n0\r\n\r\n"u8];
    }

    private static byte[] Head(string status, string? type, string fields) => Encoding.ASCII.GetBytes(
        $"HTTP/1.1 {status}\r\nApi-Version: 1.51\r\n{(type is null ? "" : $"Content-Type: {type}\r\n")}Docker-Experimental: false\r\nOstype: linux\r\nServer: Docker/28.5.0 (linux)\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\n{fields}\r\n");
}
