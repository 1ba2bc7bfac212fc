using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using SocketRelay.Http;

namespace SocketRelay.Benchmarks.Micro;

/// <summary>What it costs to follow 64 KiB of the chunked coding: in chunks as small as some clients send, and as large as a buffer.</summary>
[MemoryDiagnoser]
public class ChunkedDecoderBenchmark
{
    private const int BodyBytes = 64 * 1024;
    private byte[] _coded = [];

    /// <summary>Data bytes of one chunk; 512 is what dockerode sends.</summary>
    [Params(16, 512, 32 * 1024)]
    public int ChunkBytes { get; set; }

    /// <summary>Codes the body.</summary>
    [GlobalSetup]
    public void Setup()
    {
        StringBuilder coded = new();
        for (int sent = 0; sent < BodyBytes; sent += ChunkBytes)
            coded.Append(CultureInfo.InvariantCulture, $"{ChunkBytes:x}\r\n").Append('x', ChunkBytes).Append("\r\n");
        _coded = Encoding.ASCII.GetBytes(coded.Append("0\r\n\r\n").ToString());
    }

    /// <summary>Follow the coding to its end.</summary>
    [Benchmark]
    public long Decode()
    {
        ChunkedDecoder decoder = default;
        ReadOnlySpan<byte> rest = _coded;
        while (decoder.Decode(rest, out int consumed, out _, out _) == ParseStatus.Incomplete)
            rest = rest[consumed..];
        return decoder.TotalData;
    }
}
