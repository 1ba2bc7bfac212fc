using System.Diagnostics;
using System.Globalization;

namespace SocketRelay.Benchmarks.Load;

/// <summary>Large bodies through one connection, as <c>docker load</c>, <c>docker build</c> and <c>docker export</c> move them.</summary>
internal static class BulkTransfer
{
    /// <summary>Bytes of each write of a sized body.</summary>
    private const int BlockSize = 256 * 1024;

    /// <summary>Chunk size of a chunked body: what Go's copy loop, and so the Docker CLI, sends at a time.</summary>
    private const int ChunkSize = 32 * 1024;

    private static readonly byte[] Block = new byte[BlockSize];
    private static readonly byte[] Chunk = [.. "8000\r\n"u8, .. new byte[ChunkSize], .. "\r\n"u8];

    /// <summary>Sends a body and reads the answer.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="bytes">Its size, a multiple of 256 KiB.</param>
    /// <param name="isChunked">Chunked instead of Content-Length.</param>
    /// <returns>Seconds from the dial to the whole answer.</returns>
    /// <exception cref="HarnessException">The answer is not 200.</exception>
    public static double Upload(Target target, long bytes, bool isChunked)
    {
        using var caller = new HttpCaller(target, keepsBodies: false);
        long start = Stopwatch.GetTimestamp();
        string framing = isChunked ? "Transfer-Encoding: chunked\r\n" : string.Create(CultureInfo.InvariantCulture, $"Content-Length: {bytes}\r\n");
        caller.Begin(HttpCaller.Head("POST", "/v1.43/images/load", $"Content-Type: application/x-tar\r\n{framing}"));
        byte[] piece = isChunked ? Chunk : Block;
        bool isSent = true;
        for (long left = bytes; left > 0 && isSent; left -= isChunked ? ChunkSize : BlockSize)
            isSent = caller.Send(piece);
        if (isSent && isChunked)
            caller.Send("0\r\n\r\n"u8);
        if (caller.ReadOn() != AnswerState.Complete || caller.Status != 200)
            throw new HarnessException($"{target}: an upload was answered with status {caller.Status}");
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Reads a large answer and counts its bytes.</summary>
    /// <param name="target">Where from.</param>
    /// <param name="bytes">Its size, a multiple of 32 KiB.</param>
    /// <param name="isChunked">Chunked instead of Content-Length.</param>
    /// <returns>Seconds from the dial to the last byte.</returns>
    /// <exception cref="HarnessException">The answer is not 200, or has another size.</exception>
    public static double Download(Target target, long bytes, bool isChunked)
    {
        using var caller = new HttpCaller(target, keepsBodies: false);
        long start = Stopwatch.GetTimestamp();
        caller.Begin(HttpCaller.Head("GET", PathOf(bytes, isChunked)));
        if (caller.ReadOn() != AnswerState.Complete || caller.Status != 200 || caller.BodyBytes != bytes)
            throw new HarnessException($"{target}: a download ended with status {caller.Status} after {caller.BodyBytes} of {bytes} bytes");
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>The stand-in engine's path of a download.</summary>
    public static string PathOf(long bytes, bool isChunked) =>
        string.Create(CultureInfo.InvariantCulture, $"/v1.43/containers/{(isChunked ? "dlc" : "dl")}/{bytes}");
}
