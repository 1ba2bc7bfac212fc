using System.Buffers.Text;
using System.Diagnostics;
using HdrHistogram;

namespace SocketRelay.Benchmarks.Load;

/// <summary>How long the pieces of a stream are under way: events and log lines by the stamp that the stand-in engine puts into each, keystrokes by their echo.</summary>
internal static class StreamProbe
{
    private static readonly byte[] Stamp = "\"stamp\":\""u8.ToArray();

    /// <summary>Reads a stream of stamped lines.</summary>
    /// <param name="target">Where from.</param>
    /// <param name="path"><c>/events…</c> or <c>/containers/…/logs…</c> of a stand-in engine.</param>
    /// <param name="lines">How many lines to wait for.</param>
    /// <param name="latencies">Takes the nanoseconds from the engine's clock reading to the line's arrival.</param>
    public static void Lines(Target target, string path, int lines, LongHistogram latencies)
    {
        using var caller = new HttpCaller(target);
        caller.Begin(HttpCaller.Head("GET", path));
        caller.ReadHead();
        if (caller.Status != 200)
            throw new HarnessException($"{target}: {path} is answered with status {caller.Status}");
        for (int seen = 0; seen < lines;)
        {
            caller.ForgetBody();
            if (caller.ReadSome() != AnswerState.Incomplete)
                throw new HarnessException($"{target}: the stream {path} ended");
            long now = Stopwatch.GetTimestamp();
            int at = caller.Body.IndexOf(Stamp);
            if (at < 0 || !Utf8Parser.TryParse(caller.Body[(at + Stamp.Length)..], out long sent, out _))
                continue;
            latencies.RecordValue(Math.Max(1, now - sent));
            seen++;
        }
    }

    /// <summary>Types into an exec and waits for each echo.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="keystrokes">How many.</param>
    /// <param name="latencies">Takes the nanoseconds from a keystroke to its echo.</param>
    public static void Keystrokes(Target target, int keystrokes, LongHistogram latencies)
    {
        using var caller = new HttpCaller(target);
        OpenExec(caller, target);
        byte[] key = "k"u8.ToArray();
        for (int i = 0; i < keystrokes; i++)
        {
            long start = Stopwatch.GetTimestamp();
            caller.Send(key);
            if (caller.ReadRaw(key) != 1)
                throw new HarnessException($"{target}: the exec stream ended");
            latencies.RecordValue(Stopwatch.GetTimestamp() - start);
        }
    }

    /// <summary>Creates an exec and starts it with an Upgrade; the caller's connection is a raw stream afterwards.</summary>
    /// <exception cref="HarnessException">It was not switched.</exception>
    public static void OpenExec(HttpCaller caller, Target target)
    {
        if (caller.Call("POST", "/v1.43/containers/web/exec", """{"AttachStdin":true,"AttachStdout":true,"Tty":true,"Cmd":["sh"]}"""u8) != 201)
            throw new HarnessException($"{target}: an exec is refused with status {caller.Status}: {caller.BodyText}");
        caller.Call("POST", $"/v1.43/exec/{Engine.EngineAnswers.ExecId}/start", """{"Detach":false,"Tty":true}"""u8, fields: "Connection: Upgrade\r\nUpgrade: tcp\r\n");
        if (caller.Status != 101)
            throw new HarnessException($"{target}: an exec start is answered with status {caller.Status} instead of 101: {caller.BodyText}");
    }
}
