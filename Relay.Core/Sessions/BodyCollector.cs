using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using SocketRelay.Http;
using SocketRelay.Transport;

namespace SocketRelay.Sessions;

/// <summary>How gathering a body ended.</summary>
internal enum CollectOutcome : byte
{
    /// <summary>The body is whole.</summary>
    Complete,

    /// <summary>One body is longer than its bound (413).</summary>
    TooLarge,

    /// <summary>All gathered bodies together would pass their bound (503).</summary>
    NoMemory,

    /// <summary>The coding is broken.</summary>
    Broken,

    /// <summary>The sender left before the end.</summary>
    InputEnded,

    /// <summary>The read was cancelled: a deadline or the drain.</summary>
    Canceled,
}

/// <summary>Gathers a message's body, in any framing, up to a bound.</summary>
internal struct BodyCollector(BodyFraming framing)
{
    private ChunkedDecoder _decoder;
    private long _remaining = framing.Length;

    /// <summary>What broke the coding, after <see cref="CollectOutcome.Broken"/>.</summary>
    public MessageDefect Defect { get; private set; }

    /// <summary>
    /// Gathers the body of an engine's answer whose head was taken; what follows it stays in the input.
    /// </summary>
    /// <param name="input">Whence the answer comes; its last read is not consumed yet.</param>
    /// <param name="buffer">That read, from the head's first byte on.</param>
    /// <param name="into">Holds the head, gets the body.</param>
    /// <param name="framing">How the body ends.</param>
    /// <param name="limit">The bound on the body, coding included, in bytes.</param>
    /// <exception cref="EndpointAbortedException">The engine's side was reset or aborted.</exception>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public static async ValueTask<CollectOutcome> CollectAsync(
        PipeReader input, ReadOnlySequence<byte> buffer, GatheredMessage into, BodyFraming framing, int limit)
    {
        BodyCollector collector = new(framing);
        CollectOutcome? outcome = collector.Take(buffer.Slice(into.HeadLength), into, limit, out int consumed);
        input.AdvanceTo(buffer.GetPosition(into.HeadLength + consumed));
        while (outcome is null)
        {
            ReadResult read = await input.ReadAsync();
            outcome = collector.Take(read.Buffer, into, limit, out consumed);
            if (outcome is null && !into.HasRoom)
                outcome = CollectOutcome.NoMemory;
            bool isLast = read.IsCompleted && read.Buffer.Length == consumed;
            input.AdvanceTo(read.Buffer.GetPosition(consumed));
            if (outcome is null && isLast)
                outcome = framing.Kind == BodyFramingKind.UntilClose ? CollectOutcome.Complete : CollectOutcome.InputEnded;
        }

        return outcome.Value;
    }

    /// <summary>Takes the body bytes at the front of a buffer.</summary>
    /// <param name="buffer">What has arrived behind what was taken before.</param>
    /// <param name="into">Where they go.</param>
    /// <param name="limit">The bound on the body, coding included, in bytes.</param>
    /// <param name="consumed">How many bytes were taken.</param>
    /// <returns><see cref="CollectOutcome.Complete"/>, a refusal, or null while more must come.</returns>
    public CollectOutcome? Take(ReadOnlySequence<byte> buffer, GatheredMessage into, int limit, out int consumed)
    {
        consumed = 0;
        if (framing.Kind == BodyFramingKind.Length && framing.Length > limit)
            return CollectOutcome.TooLarge;
        foreach (ReadOnlyMemory<byte> segment in buffer)
        {
            CollectOutcome? outcome = framing.Kind switch
            {
                BodyFramingKind.Chunked => TakeChunked(segment.Span, into, limit, ref consumed),
                BodyFramingKind.Length => TakeLength(segment.Span, into, ref consumed),
                BodyFramingKind.UntilClose => TakeAll(segment.Span, into, limit, ref consumed),
                _ => CollectOutcome.Complete,
            };
            if (outcome is not null)
                return outcome;
        }

        return framing.HasBody ? null : CollectOutcome.Complete;
    }

    private CollectOutcome? TakeLength(ReadOnlySpan<byte> bytes, GatheredMessage into, ref int consumed)
    {
        int taken = (int)Math.Min(_remaining, bytes.Length);
        into.AppendRaw(bytes[..taken]);
        consumed += taken;
        _remaining -= taken;
        return _remaining == 0 ? CollectOutcome.Complete : null;
    }

    private static CollectOutcome? TakeAll(ReadOnlySpan<byte> bytes, GatheredMessage into, int limit, ref int consumed)
    {
        into.AppendRaw(bytes);
        consumed += bytes.Length;
        return into.RawBodyLength > limit ? CollectOutcome.TooLarge : null;
    }

    private CollectOutcome? TakeChunked(ReadOnlySpan<byte> bytes, GatheredMessage into, int limit, ref int consumed)
    {
        into.AppendDecoded([]);
        while (!bytes.IsEmpty)
        {
            ParseStatus status = _decoder.Decode(bytes, out int used, out (int Start, int Length) data, out MessageDefect defect);
            if (status == ParseStatus.Invalid)
            {
                Defect = defect;
                return CollectOutcome.Broken;
            }

            into.AppendRaw(bytes[..used]);
            into.AppendDecoded(bytes.Slice(data.Start, data.Length));
            consumed += used;
            bytes = bytes[used..];
            if (into.RawBodyLength > limit)
                return CollectOutcome.TooLarge;
            if (status == ParseStatus.Complete)
                return CollectOutcome.Complete;
        }

        return null;
    }
}
