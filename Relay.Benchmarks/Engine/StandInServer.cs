using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using SocketRelay.Benchmarks.Native;

namespace SocketRelay.Benchmarks.Engine;

/// <summary>Serves one turn of a connection: reads, answers as an engine does, and never blocks.</summary>
internal static class StandInServer
{
    /// <summary>Bytes that one write of a download offers, and that one read of an upload takes.</summary>
    private const int BulkSize = 256 * 1024;

    /// <summary>The chunk size of a chunked download: what an engine's copy loop writes at a time.</summary>
    private const int ChunkSize = 32 * 1024;

    /// <summary>Bodies larger than this move to the bulk loop.</summary>
    private const int SmallBody = 8 * 1024;

    private static readonly byte[] Zeros = new byte[BulkSize];
    private static readonly byte[] Chunk = [.. "8000\r\n"u8, .. new byte[ChunkSize], .. "\r\n"u8];

    [ThreadStatic]
    private static byte[]? s_sink;

    /// <summary>Serves a connection that is readable or writable.</summary>
    public static ServeOutcome Serve(StandInConnection connection, StandInLoop loop)
    {
        while (true)
        {
            if (!Flush(connection))
                return ServeOutcome.Closed;
            if (!connection.Unsent.IsEmpty)
                return ServeOutcome.Waiting;
            ServeOutcome? outcome = connection.Work switch
            {
                ConnectionWork.Head => ReadHead(connection, loop),
                ConnectionWork.Sink => ReadAway(connection),
                ConnectionWork.Download => WriteOn(connection),
                ConnectionWork.Echo => EchoOn(connection),
                _ => WatchForEnd(connection),
            };
            if (outcome is not null)
                return outcome.Value;
        }
    }

    /// <summary>Sends the next event or log line of a stream.</summary>
    /// <returns>False when the other side is gone.</returns>
    public static bool SendTick(StandInConnection connection)
    {
        if (!connection.Unsent.IsEmpty)
            return true; // a slow reader misses a line rather than growing a queue
        // The stamp is CLOCK_MONOTONIC: a reader on the same machine subtracts it from its own clock.
        string line = string.Create(CultureInfo.InvariantCulture, $"\"stamp\":\"{Stopwatch.GetTimestamp()}\"");
        byte[] text = Encoding.ASCII.GetBytes(connection.IsLog
            ? $"a line of the log {line}\n"
            : $$"""{"status":"start","id":"{{EngineAnswers.ContainerId}}","from":"busybox","Type":"container","Action":"start","Actor":{"ID":"{{EngineAnswers.ContainerId}}","Attributes":{"image":"busybox",{{line}}} },"scope":"local"}""" + "\n");
        // A log stream without a terminal frames each line: stream 1 (stdout), three zeros, the length big-endian.
        byte[] frame = connection.IsLog ? [1, 0, 0, 0, 0, 0, (byte)(text.Length >> 8), (byte)text.Length, .. text] : text;
        byte[] size = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{frame.Length:x}\r\n"));
        connection.Unsent = (byte[])[.. size, .. frame, .. "\r\n"u8];
        return Flush(connection);
    }

    private static bool Flush(StandInConnection connection)
    {
        while (!connection.Unsent.IsEmpty)
        {
            int sent = RawSocket.Send(connection.Descriptor, connection.Unsent.Span);
            if (sent == RawSocket.WouldBlock)
                return true;
            if (sent < 0)
                return false;
            connection.Unsent = connection.Unsent[sent..];
        }
        return !connection.ClosesAfter || connection.Work != ConnectionWork.Head;
    }

    private static ServeOutcome? ReadHead(StandInConnection connection, StandInLoop loop)
    {
        int end = connection.Buffer.AsSpan(0, connection.Filled).IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            int room = connection.Buffer.Length - connection.Filled;
            if (room == 0)
                return ServeOutcome.Closed;
            if (connection.IsDrained)
            {
                connection.IsDrained = false; // a short read took all there was: no second read that only says so
                return ServeOutcome.Waiting;
            }
            int count = RawSocket.Receive(connection.Descriptor, connection.Buffer.AsSpan(connection.Filled));
            if (count == RawSocket.WouldBlock)
                return ServeOutcome.Waiting;
            if (count <= 0)
                return ServeOutcome.Closed;
            connection.IsDrained = count < room;
            connection.Filled += count;
            end = connection.Buffer.AsSpan(0, connection.Filled).IndexOf("\r\n\r\n"u8);
            if (end < 0)
                return null;
        }
        end += 4;
        if (!EngineRequest.TryParse(connection.Buffer.AsSpan(0, end), out EngineRequest request))
            return ServeOutcome.Closed;
        bool isBulk = request.BodyLength < 0 || request.BodyLength > SmallBody || IsDownload(request.Path);
        if (isBulk && loop.Bulk is not null)
            return ServeOutcome.MoveToBulk; // parsed again there, from the same bytes
        Begin(connection, loop, request);
        connection.Filled -= end;
        connection.Buffer.AsSpan(end, connection.Filled).CopyTo(connection.Buffer);
        return null;
    }

    private static void Begin(StandInConnection connection, StandInLoop loop, in EngineRequest request)
    {
        connection.ClosesAfter = request.WantsClose;
        connection.IsChunked = request.BodyLength < 0;
        connection.Left = request.BodyLength;
        connection.Chunks = default;
        if (request.ExpectsContinue)
            connection.Unsent = EngineAnswers.Continue;
        if (request.Method.SequenceEqual("GET"u8) && IsDownload(request.Path))
        {
            BeginDownload(connection, request.Path);
            return;
        }
        if (request.Path.SequenceEqual("/events"u8) || request.Path.EndsWith("/logs"u8))
        {
            connection.IsLog = !request.Path.SequenceEqual("/events"u8);
            connection.Work = ConnectionWork.Ticks;
            connection.TickEvery = Math.Max(1, request.QueryNumber("interval="u8, 1000));
            connection.Unsent = connection.IsLog ? EngineAnswers.LogsHead : EngineAnswers.EventsHead;
            loop.AddTicks(connection);
            return;
        }
        bool opensTunnel = (request.Path.StartsWith("/exec/"u8) && request.Path.EndsWith("/start"u8)) || request.Path.EndsWith("/attach"u8);
        connection.Answer = opensTunnel
            ? request.WantsUpgrade ? EngineAnswers.Switched : EngineAnswers.RawStream
            : StandInRoutes.AnswerOf(request.Method, request.Path);
        connection.Work = ConnectionWork.Sink;
    }

    private static bool IsDownload(ReadOnlySpan<byte> path) => path.IndexOf("/dl/"u8) >= 0 || path.IndexOf("/dlc/"u8) >= 0;

    private static void BeginDownload(StandInConnection connection, ReadOnlySpan<byte> path)
    {
        connection.IsChunked = path.IndexOf("/dlc/"u8) >= 0;
        _ = Utf8Parser.TryParse(path[(path.LastIndexOf((byte)'/') + 1)..], out long length, out _);
        connection.Left = connection.IsChunked ? (length + ChunkSize - 1) / ChunkSize * ChunkSize : length;
        connection.Unsent = connection.IsChunked ? EngineAnswers.ChunkedDownloadHead() : EngineAnswers.DownloadHead(length);
        connection.Work = ConnectionWork.Download;
    }

    private static ServeOutcome? WriteOn(StandInConnection connection)
    {
        if (connection.Left == 0)
        {
            connection.Work = ConnectionWork.Head;
            if (connection.IsChunked)
                connection.Unsent = EngineAnswers.LastChunk;
            return null;
        }
        int count = (int)Math.Min(connection.Left, connection.IsChunked ? ChunkSize : BulkSize);
        connection.Unsent = connection.IsChunked ? Chunk : Zeros.AsMemory(0, count);
        connection.Left -= count;
        return null;
    }

    private static ServeOutcome? ReadAway(StandInConnection connection)
    {
        if (connection.IsChunked ? connection.Chunks.IsComplete : connection.Left == 0)
        {
            bool isTunnel = ReferenceEquals(connection.Answer, EngineAnswers.Switched) || ReferenceEquals(connection.Answer, EngineAnswers.RawStream);
            connection.Work = isTunnel ? ConnectionWork.Echo : ConnectionWork.Head;
            connection.Unsent = connection.Answer;
            return null;
        }
        if (connection.Filled > 0)
        {
            int used = Skip(connection, connection.Buffer.AsSpan(0, connection.Filled));
            connection.Filled -= used;
            connection.Buffer.AsSpan(used, connection.Filled).CopyTo(connection.Buffer);
            return connection.Chunks.IsBroken ? ServeOutcome.Closed : null;
        }
        s_sink ??= new byte[BulkSize];
        // Never read past a sized body: what follows is the next request. A chunked body's end is only known by reading it.
        int room = connection.IsChunked ? connection.Buffer.Length : (int)Math.Min(connection.Left, BulkSize);
        Span<byte> into = connection.IsChunked ? connection.Buffer : s_sink.AsSpan(0, room);
        int count = RawSocket.Receive(connection.Descriptor, into);
        if (count == RawSocket.WouldBlock)
            return ServeOutcome.Waiting;
        if (count <= 0)
            return ServeOutcome.Closed;
        if (connection.IsChunked)
            connection.Filled = count;
        else
            connection.Left -= count;
        return null;
    }

    private static int Skip(StandInConnection connection, ReadOnlySpan<byte> bytes)
    {
        if (!connection.IsChunked)
        {
            int count = (int)Math.Min(connection.Left, bytes.Length);
            connection.Left -= count;
            return count;
        }
        int at = 0;
        while (at < bytes.Length && !connection.Chunks.IsComplete && !connection.Chunks.IsBroken)
            at += connection.Chunks.Take(bytes[at..], out _);
        return at;
    }

    private static ServeOutcome? EchoOn(StandInConnection connection)
    {
        if (connection.Filled == 0)
        {
            int count = RawSocket.Receive(connection.Descriptor, connection.Buffer);
            if (count == RawSocket.WouldBlock)
                return ServeOutcome.Waiting;
            if (count <= 0)
                return ServeOutcome.Closed;
            connection.Filled = count;
        }
        connection.Unsent = connection.Buffer.AsMemory(0, connection.Filled);
        connection.Filled = 0;
        return null;
    }

    private static ServeOutcome? WatchForEnd(StandInConnection connection)
    {
        int count = RawSocket.Receive(connection.Descriptor, connection.Buffer);
        return count == RawSocket.WouldBlock ? ServeOutcome.Waiting : count <= 0 ? ServeOutcome.Closed : null;
    }
}
