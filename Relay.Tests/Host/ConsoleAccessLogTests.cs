using SocketRelay.Diagnostics;
using SocketRelay.Host;

namespace SocketRelay.Tests.Host;

/// <summary>
/// The sink between the loop and standard output. A busy relay loses no line as long as the writer is called when a batch is there, and
/// what comes while it writes has room. Both are shown here without a clock: what a machine manages in a second is for the harness.
/// </summary>
[TestFixture]
internal sealed class ConsoleAccessLogTests
{
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly AccessRecord Record = new()
    {
        Client = "127.0.0.1:4711"u8.ToArray(),
        Method = "GET"u8.ToArray(),
        Path = "/v1.45/containers/json"u8.ToArray(),
        Rule = "CONTAINERS",
        Status = 200,
    };

    [Test]
    public void ABatch_IsWrittenWithoutWaitingForTheGatherTime()
    {
        using HeldOutput output = new();
        output.Release();
        using ConsoleAccessLog log = Log(output, LogFormat.Json, Never);
        RecordPacker twin = Twin();
        int written = 0;
        for (int batch = 1; batch <= 3; batch++)
        {
            int lines = WriteBytes(log, twin, ConsoleAccessLog.BatchBytes);
            written += lines;
            SpinWait.SpinUntil(() => output.Lines == written, Patience).ShouldBeTrue($"batch {batch}: {output.Lines} of {written} lines came");
        }
        log.Dropped.ShouldBe(0);
    }

    [Test]
    public void WhileTheWriterWrites_AWholeBufferHasRoom()
    {
        using HeldOutput output = new();
        using ConsoleAccessLog log = Log(output, LogFormat.Json, Never);
        RecordPacker twin = Twin();
        int written = WriteBytes(log, twin, ConsoleAccessLog.BatchBytes);
        output.WaitForWriter();
        written += WriteBytes(log, twin, ConsoleAccessLog.BufferBytes) - 1; // the one that is over the edge is not counted among those that fit
        log.Dropped.ShouldBe(1);

        output.Release();
        SpinWait.SpinUntil(() => output.Lines == written, Patience).ShouldBeTrue($"{output.Lines} of {written} lines came");
    }

    [Test]
    public void WhatHasNoRoom_IsCountedAndTold_AndLaterLinesComeAgain()
    {
        long told = 0;
        using HeldOutput output = new();
        using ConsoleAccessLog log = Log(output, LogFormat.Json, Never, count => Interlocked.Add(ref told, count));
        RecordPacker twin = Twin();
        int written = WriteBytes(log, twin, ConsoleAccessLog.BatchBytes);
        output.WaitForWriter();
        written += WriteBytes(log, twin, ConsoleAccessLog.BufferBytes) - 1;
        for (int i = 0; i < 9; i++)
            log.Write(Record);
        log.Dropped.ShouldBe(10);

        output.Release();
        SpinWait.SpinUntil(() => Interlocked.Read(ref told) == 10, Patience).ShouldBeTrue($"{Interlocked.Read(ref told)} told");
        written += WriteBytes(log, twin, ConsoleAccessLog.BatchBytes);
        SpinWait.SpinUntil(() => output.Lines == written, Patience).ShouldBeTrue($"{output.Lines} of {written} lines came");
        log.Dropped.ShouldBe(10);
    }

    [Test]
    public void FewLines_ComeWithoutWaitingForMore()
    {
        using HeldOutput output = new();
        output.Release();
        using ConsoleAccessLog log = Log(output, LogFormat.Text, ConsoleAccessLog.GatherTime);
        log.Write(Record);
        SpinWait.SpinUntil(() => output.Lines == 1, Patience).ShouldBeTrue();
    }

    [Test]
    public void LinesThatGather_ComeWhenItStops()
    {
        using HeldOutput output = new();
        output.Release();
        using (ConsoleAccessLog log = Log(output, LogFormat.Text, Never))
            log.Write(Record);
        output.Lines.ShouldBe(1);
    }

    private static ConsoleAccessLog Log(Stream output, LogFormat format, TimeSpan gatherTime, Action<long>? onDropped = null)
        => new(new StandardOutput(output), format, SyslogLevel.Info, colour: false, gatherTime, onDropped ?? (static _ => { }));

    // Packs what the log packs: its records take as much room there as here.
    private static RecordPacker Twin() => new(LogFormat.Json, colour: false);

    // The fewest records that make up so many bytes.
    private static int WriteBytes(ConsoleAccessLog log, RecordPacker twin, int bytes)
    {
        byte[] packed = new byte[1024];
        int records = 0;
        for (; bytes > 0; records++)
        {
            bytes -= twin.Pack(Record, packed);
            log.Write(Record);
        }
        return records;
    }

    /// <summary>A standard output that takes nothing until it is released, and counts the lines it took.</summary>
    private sealed class HeldOutput : MemoryStream
    {
        private readonly ManualResetEventSlim _isReached = new();
        private readonly ManualResetEventSlim _isReleased = new();
        private int _lines;

        public int Lines => Volatile.Read(ref _lines);

        public void WaitForWriter() => _isReached.Wait(Patience).ShouldBeTrue();

        public void Release() => _isReleased.Set();

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            _isReached.Set();
            _isReleased.Wait(Patience);
            Interlocked.Add(ref _lines, buffer.Count((byte)'\n'));
        }

        protected override void Dispose(bool disposing)
        {
            _isReleased.Set();
            base.Dispose(disposing);
        }
    }
}
