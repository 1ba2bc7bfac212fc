using System.Text;
using SocketRelay.Guard;
using SocketRelay.Policy;

namespace SocketRelay.Tests.Guard;

/// <summary>A request of a real client, recorded on its way to an engine.</summary>
/// <param name="Client">The client and its version.</param>
/// <param name="Method">The method.</param>
/// <param name="Target">The request-target; long queries are cut.</param>
/// <param name="ContentType">The media type.</param>
/// <param name="Body">The body.</param>
internal sealed record RecordedBody(string Client, string Method, string Target, string ContentType, string Body)
{
    /// <summary>The guard of the route.</summary>
    public GuardKind Kind => Path switch
    {
        _ when Path.EndsWith("/containers/create", StringComparison.Ordinal) => GuardKind.ContainerCreate,
        _ when Path.EndsWith("/exec", StringComparison.Ordinal) => GuardKind.ExecCreate,
        _ when Path.EndsWith("/start", StringComparison.Ordinal) => GuardKind.ExecStart,
        _ when Path.EndsWith("/update", StringComparison.Ordinal) => GuardKind.ContainerUpdate,
        _ when Path.EndsWith("/networks/create", StringComparison.Ordinal) => GuardKind.NetworkCreate,
        _ when Path.EndsWith("/connect", StringComparison.Ordinal) => GuardKind.NetworkConnect,
        _ when Path.EndsWith("/disconnect", StringComparison.Ordinal) => GuardKind.NetworkDisconnect,
        _ when Path.EndsWith("/volumes/create", StringComparison.Ordinal) => GuardKind.VolumeCreate,
        _ when Path.EndsWith("/services/create", StringComparison.Ordinal) => GuardKind.ServiceCreate,
        _ when Path.EndsWith("/secrets/create", StringComparison.Ordinal) => GuardKind.Secret,
        _ when Path.EndsWith("/configs/create", StringComparison.Ordinal) => GuardKind.Config,
        _ when Path.EndsWith("/commit", StringComparison.Ordinal) => GuardKind.Commit,
        _ when Path.EndsWith("/swarm/init", StringComparison.Ordinal) => GuardKind.SwarmMembership,
        _ => throw new InvalidOperationException("no guard is known for " + Path),
    };

    /// <summary>The name in the path.</summary>
    public string Name => Path.Split('/') is var parts && parts.Length > 2 ? parts[^2] : "";

    /// <summary>Whether the request was recorded to be refused: it asks for the host.</summary>
    public bool AsksForTheHost => Kind == GuardKind.SwarmMembership || Body.Contains("\"Privileged\":true", StringComparison.Ordinal)
        || Body.Contains("/srv/x", StringComparison.Ordinal) || Body.Contains("\"/etc\"", StringComparison.Ordinal);

    private string Path => Target.Split('?')[0];

    private string Query => Target.Split('?') is [_, var query] ? query : "";

    /// <summary>All recorded requests.</summary>
    public static IEnumerable<RecordedBody> All()
    {
        string folder = System.IO.Path.Combine(TestContext.CurrentContext.TestDirectory, "Vectors", "bodies");
        foreach (string file in Directory.GetFiles(folder, "*.txt").Order(StringComparer.Ordinal))
        {
            string[] lines = File.ReadAllLines(file);
            for (int i = 0; i + 1 < lines.Length; i += 3)
            {
                string[] head = lines[i].Split(' ', 3);
                yield return new RecordedBody(System.IO.Path.GetFileNameWithoutExtension(file), head[0], head[1], head[2], lines[i + 1]);
            }
        }
    }

    /// <summary>Takes the request through a guard.</summary>
    public GuardResult Judge(GuardRun run, byte[]? body = null) =>
        run.Judge(Kind, body ?? Encoding.UTF8.GetBytes(Body + "\n"), Name, Kind == GuardKind.ContainerCreate ? "" : Query, ContentType, Path);

    /// <inheritdoc/>
    public override string ToString() => $"{Client}: {Method} {Path} {Body.Length}";
}
