using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using SocketRelay.Http;
using SocketRelay.Transport;

namespace SocketRelay.Sessions;

/// <summary>The engine's answer to a question of the relay's own.</summary>
/// <param name="Status">Its status code; 0 where there was no usable answer: no connection, too late, broken or too long.</param>
/// <param name="Body">Its whole body without coding.</param>
internal readonly record struct EngineAnswer(int Status, byte[] Body)
{
    /// <summary>No usable answer.</summary>
    public static EngineAnswer None => new(0, []);
}

/// <summary>
/// The relay's own questions to the engine: plain GETs, each on a connection of its own (an answer can never be mistaken for a client's),
/// each with a deadline and a bound on its answer. No rules live here; the guard says what to ask and what an answer means.
/// </summary>
/// <param name="loop">The loop that asks.</param>
/// <param name="connector">What dials the engine.</param>
/// <param name="limits">Bounds on heads.</param>
/// <param name="memory">Where answers are counted; one that has no room is none.</param>
internal sealed class EngineQuestions(ILoop loop, IConnector connector, HeadLimits limits, GatheredMemory memory)
{
    // An inspection is some 10 KiB; one of a container with thousands of labels still fits.
    private const int MaxAnswer = 4 * 1024 * 1024;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary>Asks one question and waits 10 s at most.</summary>
    /// <param name="target">The request-target, origin-form, safe for a request line.</param>
    /// <returns>The answer, or <see cref="EngineAnswer.None"/>. Never throws for IO.</returns>
    public ValueTask<EngineAnswer> AskAsync(string target) => AskAsync(target, Deadline);

    /// <summary>Asks one question.</summary>
    /// <param name="target">The request-target, origin-form, safe for a request line.</param>
    /// <param name="deadline">The longest wait for a connection, and then for the answer.</param>
    /// <returns>The answer, or <see cref="EngineAnswer.None"/>. Never throws for IO.</returns>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<EngineAnswer> AskAsync(string target, TimeSpan deadline)
    {
        ConnectResult dialled = await connector.ConnectAsync(deadline);
        if (dialled.Endpoint is not { } engine)
            return EngineAnswer.None;
        AbortTimer timer = new(engine);
        loop.Timers.Arm(timer, loop.Now + (long)deadline.TotalMilliseconds);
        try
        {
            byte[] request = Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n");
            FlushResult sent = await engine.Output.WriteAsync(request);
            return sent.IsCompleted ? EngineAnswer.None : await ReadAnswerAsync(engine.Input);
        }
        catch (EndpointAbortedException)
        {
            return EngineAnswer.None;
        }
        finally
        {
            loop.Timers.Disarm(timer);
            engine.Dispose();
        }
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<EngineAnswer> ReadAnswerAsync(PipeReader input)
    {
        HeadScanner scanner = new(isResponse: true);
        ReadOnlySequence<byte> buffer;
        int headLength;
        while (true)
        {
            ReadResult read = await input.ReadAsync();
            buffer = read.Buffer;
            ParseStatus status = scanner.Scan(buffer, limits, out headLength, out _);
            if (status == ParseStatus.Complete)
                break;
            input.AdvanceTo(buffer.Start, buffer.End);
            if (status == ParseStatus.Invalid || read.IsCompleted)
                return EngineAnswer.None;
        }

        using GatheredMessage answer = new(buffer.Slice(0, headLength), memory, address: null);
        if (!TryReadHead(answer.Head.Span, out int code, out BodyFraming framing))
            return EngineAnswer.None;
        CollectOutcome outcome = await BodyCollector.CollectAsync(input, buffer, answer, framing, MaxAnswer);
        return outcome == CollectOutcome.Complete ? new EngineAnswer(code, answer.Body.ToArray()) : EngineAnswer.None;
    }

    private bool TryReadHead(ReadOnlySpan<byte> head, out int code, out BodyFraming framing)
    {
        framing = default;
        MessageDefect defect = HeadParser.TryParseResponse(head, limits, out ResponseHead response);
        code = defect == MessageDefect.None ? response.StatusCode : 0;
        if (code < 200)
            return false;
        framing = MessageFraming.OfResponse(HttpMethod.Get, response, out defect);
        return defect == MessageDefect.None;
    }

    private sealed class AbortTimer(IEndpoint endpoint) : LoopTimer
    {
        internal override void OnDue() => endpoint.Abort();
    }
}
