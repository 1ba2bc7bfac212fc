using System.Text;
using BenchmarkDotNet.Attributes;
using SocketRelay.Http;
using SocketRelay.Policy;
using HttpMethod = SocketRelay.Http.HttpMethod;

namespace SocketRelay.Benchmarks.Micro;

/// <summary>
/// What a decision costs: the raw path read, the engine's operation found, the table asked. The settings open containers and writes.
/// </summary>
[MemoryDiagnoser]
public class AclTableBenchmark
{
    private static readonly AclTable Table = AclCompiler.Compile(TecnativaSwitches.Read(name => name is "CONTAINERS" or "POST" ? "1" : null));
    private static readonly RequestPlanner Planner = new(Table);

    private static readonly byte[] Head = Encoding.ASCII.GetBytes(
        "POST /v1.51/containers/create?name=web HTTP/1.1\r\nHost: 127.0.0.1:2375\r\nUser-Agent: Docker-Client/28.5.2 (linux)\r\n"
        + "Content-Length: 1543\r\nContent-Type: application/json\r\n\r\n");

    /// <summary>The table alone, on a path that is decoded already.</summary>
    [Benchmark]
    public bool TableAlone() => Table.Decide(HttpMethod.Get, "/containers/json"u8).IsAllowed;

    /// <summary>A list.</summary>
    [Benchmark(Baseline = true)]
    public bool ContainerList() => Decide(HttpMethod.Get, "/v1.51/containers/json"u8);

    /// <summary>A container by its full id.</summary>
    [Benchmark]
    public bool ContainerInspect() =>
        Decide(HttpMethod.Get, "/v1.51/containers/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef/json"u8);

    /// <summary>A write that stands late in its section.</summary>
    [Benchmark]
    public bool ContainerUpdate() => Decide(HttpMethod.Post, "/v1.51/containers/web/update"u8);

    /// <summary>A refusal in the last of the sections.</summary>
    [Benchmark]
    public bool RefusedVolume() => Decide(HttpMethod.Delete, "/v1.51/volumes/data"u8);

    /// <summary>A path that is to be decoded.</summary>
    [Benchmark]
    public bool EscapedImage() => Decide(HttpMethod.Get, "/v1.51/images/registry.example%2Fteam%2Fapp:1/json"u8);

    /// <summary>Nothing that the engine has.</summary>
    [Benchmark]
    public bool UnknownPath() => Decide(HttpMethod.Get, "/favicon.ico"u8);

    /// <summary>Parse a head and plan it: what a request costs before it is forwarded.</summary>
    [Benchmark]
    public bool ParseAndPlan()
    {
        HeadParser.TryParseRequest(Head, HeadLimits.Default, out RequestHead head);
        Planner.Plan(head, out RequestPlan plan);
        return plan.Verdict.IsAllowed;
    }

    private static bool Decide(HttpMethod method, ReadOnlySpan<byte> path)
    {
        RoutedPath.TryRoute(Table, method, path, out RoutedPath routed);
        return routed.Verdict.IsAllowed;
    }
}
