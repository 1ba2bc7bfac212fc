using System.Buffers;
using System.Text;
using BenchmarkDotNet.Attributes;
using SocketRelay.Http;

namespace SocketRelay.Benchmarks.Micro;

/// <summary>What it costs to find and read a head: the request of a client as they come, a large one, and an answer of the engine.</summary>
[MemoryDiagnoser]
public class HeadParserBenchmark
{
    private static readonly byte[] Request = Encoding.ASCII.GetBytes(
        "POST /v1.51/containers/create?name=web HTTP/1.1\r\nHost: 127.0.0.1:2375\r\nUser-Agent: Docker-Client/28.5.2 (linux)\r\n"
        + "Content-Length: 1543\r\nContent-Type: application/json\r\nAccept-Encoding: gzip\r\n\r\n");

    private static readonly byte[] LongRequest = Encoding.ASCII.GetBytes(
        "POST /containers/create?Image=busybox&HostConfig=" + new string('x', 4096) + " HTTP/1.1\r\nHost: 127.0.0.1:2375\r\nContent-Length: 0\r\n"
        + string.Concat(Enumerable.Range(0, 30).Select(i => $"X-Docker-Expose-Session-Grpc-Method: /moby.filesync.v1.FileSync/Method{i}\r\n")) + "\r\n");

    private static readonly byte[] Answer = Encoding.ASCII.GetBytes(
        "HTTP/1.1 200 OK\r\nApi-Version: 1.51\r\nContent-Type: application/json\r\nDocker-Experimental: false\r\nOstype: linux\r\n"
        + "Server: Docker/28.5.2 (linux)\r\nDate: Wed, 01 Jan 2025 00:00:00 GMT\r\nContent-Length: 2\r\n\r\n");

    private static readonly ReadOnlySequence<byte> RequestBuffer = new(Request);

    /// <summary>Find the end of a request's head of five fields.</summary>
    [Benchmark]
    public int ScanRequest()
    {
        HeadScanner scanner = default;
        scanner.Scan(RequestBuffer, HeadLimits.Default, out int length, out _);
        return length;
    }

    /// <summary>Read a request's head of five fields.</summary>
    [Benchmark(Baseline = true)]
    public bool ParseRequest() => HeadParser.TryParseRequest(Request, HeadLimits.Default, out RequestHead request) == MessageDefect.None && request.KeepAlive;

    /// <summary>Read a head with 4 KiB of query and 32 fields.</summary>
    [Benchmark]
    public bool ParseLongRequest() => HeadParser.TryParseRequest(LongRequest, HeadLimits.Default, out RequestHead request) == MessageDefect.None && request.KeepAlive;

    /// <summary>Read the head of an answer of the engine and say how its body ends.</summary>
    [Benchmark]
    public bool ParseAnswer() =>
        HeadParser.TryParseResponse(Answer, HeadLimits.Default, out ResponseHead response) == MessageDefect.None
        && MessageFraming.OfResponse(SocketRelay.Http.HttpMethod.Get, response, out _).HasBody;
}
