using System.Text;
using SocketRelay.Http;

namespace SocketRelay.Policy;

/// <summary>
/// One operation of the engine's API: what the route table knows about a method and a path pattern (moby, <c>api/server/router</c>).
/// </summary>
/// <param name="Id">Position in <see cref="RouteTable.Routes"/> plus one; 0 is no route.</param>
/// <param name="Method">The method token, upper case.</param>
/// <param name="Pattern">The path without version prefix; <c>{name}</c> and <c>{id}</c> stand for what a caller names.</param>
/// <param name="Guard">Which guard looks at it.</param>
/// <param name="Hijack">Whether it may become a tunnel.</param>
/// <param name="Streaming">Whether its plain answer may last (events, logs, stats, wait, pull, push, build, load): a client that
/// leaves ends the engine's work (<see cref="RequestPlan.HoldsFin"/>).</param>
internal sealed record Route(ushort Id, string Method, string Pattern, GuardKind Guard, HijackKind Hijack, bool Streaming)
{
    /// <summary>The first segment of the pattern: <c>containers</c> for <c>/containers/{name}/json</c>. Metrics count by it.</summary>
    public string Section { get; } = Pattern.IndexOf('/', 1) is > 0 and int end ? Pattern[1..end] : Pattern[1..];

    /// <summary>The method as it is compared.</summary>
    public HttpMethod ParsedMethod { get; } = HttpMethods.Parse(Encoding.ASCII.GetBytes(Method));

    /// <summary>
    /// Whether <c>{name}</c> may hold slashes, as in the engine's <c>{name:.*}</c>: <c>/containers/a/b/exec</c> is exec on <c>a/b</c>
    /// there.
    /// </summary>
    public bool IsDeepName => Section is "containers" or "exec" or "images" or "plugins" or "volumes" or "distribution" or "networks";

    /// <summary>The pattern with <c>x</c> in place of whatever a caller names: a path of this operation.</summary>
    public string SamplePath => Pattern.Replace("{name}", "x").Replace("{id}", "x").Replace("{checkpoint}", "x").Replace("{anyroute}", "x");
}
