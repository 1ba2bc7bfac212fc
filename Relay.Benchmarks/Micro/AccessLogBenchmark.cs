using BenchmarkDotNet.Attributes;
using SocketRelay.Diagnostics;

namespace SocketRelay.Benchmarks.Micro;

/// <summary>What writing one access record costs, as text and as JSON, and with a path that needs escaping.</summary>
[MemoryDiagnoser]
public class AccessLogBenchmark
{
    private readonly byte[] _line = new byte[AccessLogFormatter.MaxLineBytes];
    private readonly byte[] _packed = new byte[AccessLogFormatter.MaxLineBytes];
    private readonly RecordPacker _packer = new(LogFormat.Json, colour: false);
    private readonly RecordUnpacker _unpacker = new(LogFormat.Json);
    private AccessRecord _plain;
    private AccessRecord _refused;
    private AccessRecord _escaped;

    /// <summary>Fills the records.</summary>
    [GlobalSetup]
    public void Fill()
    {
        _plain = new AccessRecord
        {
            StartedAtUnixMs = 1_767_225_600_123,
            Client = "172.18.0.5:49526"u8.ToArray(),
            Method = "GET"u8.ToArray(),
            Path = "/v1.51/containers/json"u8.ToArray(),
            Verdict = AccessVerdict.Allowed,
            Rule = "CONTAINERS",
            Status = 200,
            BytesUp = 113,
            BytesDown = 2549,
            EngineMicroseconds = 412,
            TotalMicroseconds = 437,
        };
        _refused = _plain with
        {
            Method = "POST"u8.ToArray(),
            Path = "/v1.51/containers/create"u8.ToArray(),
            Verdict = AccessVerdict.Denied,
            Rule = "ALLOW_PRIVILEGED",
            Reason = "Forbidden by socketrelay: HostConfig.Privileged needs ALLOW_PRIVILEGED=1",
            Status = 403,
            EngineMicroseconds = -1,
        };
        _escaped = _plain with { Path = "/containers/\"a\\b\"/\u0007json?"u8.ToArray() };
    }

    /// <summary>An allowed call as text.</summary>
    [Benchmark(Baseline = true)]
    public int Text() => AccessLogFormatter.Format(_plain, LogFormat.Text, colour: false, _line);

    /// <summary>An allowed call as JSON.</summary>
    [Benchmark]
    public int Json() => AccessLogFormatter.Format(_plain, LogFormat.Json, colour: false, _line);

    /// <summary>An allowed call as JSON behind one that says the same, packed and unpacked.</summary>
    [Benchmark]
    public int JsonAgain()
    {
        _unpacker.Unpack(_packed.AsSpan(0, _packer.Pack(_plain, _packed)), _line, out int written);
        return written;
    }

    /// <summary>A refusal as JSON, with its reason.</summary>
    [Benchmark]
    public int RefusedJson() => AccessLogFormatter.Format(_refused, LogFormat.Json, colour: false, _line);

    /// <summary>A path whose bytes must be escaped, as JSON.</summary>
    [Benchmark]
    public int EscapedJson() => AccessLogFormatter.Format(_escaped, LogFormat.Json, colour: false, _line);
}
