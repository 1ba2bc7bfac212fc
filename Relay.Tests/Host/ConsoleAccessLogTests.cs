using System.Diagnostics;
using SocketRelay.Diagnostics;
using SocketRelay.Host;

namespace SocketRelay.Tests.Host;

/// <summary>The sink between the loop and a standard output that takes what it is given.</summary>
[TestFixture]
[NonParallelizable]
internal sealed class ConsoleAccessLogTests
{
    private static AccessRecord Record => new()
    {
        Client = "127.0.0.1:4711"u8.ToArray(),
        Method = "GET"u8.ToArray(),
        Path = "/v1.45/containers/json"u8.ToArray(),
        Rule = "CONTAINERS",
        Status = 200,
    };

    // On a machine with other work the writer may not get a core for as long as its buffer lasts, so the best of some attempts counts.
    [Test]
    public void OutputThatIsRead_LosesNoLineOfABusyRelay()
    {
        const int Attempts = 5;
        long fewest = long.MaxValue;
        for (int i = 0; i < Attempts && fewest > 0; i++)
            fewest = Math.Min(fewest, DroppedOfABusyRelay());
        fewest.ShouldBe(0);
    }

    // More than a relay on one core writes: 30 MB of JSON a second. Time that was lost is not made up for: that would be more still.
    private static long DroppedOfABusyRelay()
    {
        const int Lines = 20_000;
        long interval = Stopwatch.Frequency / 100_000;
        using MemoryStream output = new();
        long dropped = 0;
        using (ConsoleAccessLog log = new(new StandardOutput(output), LogFormat.Json, SyslogLevel.Info, colour: false, count => Interlocked.Add(ref dropped, count)))
        {
            long due = Stopwatch.GetTimestamp();
            for (int i = 0; i < Lines; i++)
            {
                while (Stopwatch.GetTimestamp() < due)
                    Thread.SpinWait(1);
                due = Math.Max(due, Stopwatch.GetTimestamp() - interval) + interval;
                log.Write(Record);
            }
        }

        output.ToArray().Count(static value => value == '\n').ShouldBe(Lines - (int)dropped);
        (output.Length / (Lines - dropped)).ShouldBeGreaterThan(250);
        return dropped;
    }

    [Test]
    public void FewLines_ComeWithoutWaitingForMore()
    {
        using MemoryStream output = new();
        using ConsoleAccessLog log = new(new StandardOutput(output), LogFormat.Text, SyslogLevel.Info, colour: false, static _ => { });
        log.Write(Record);
        SpinWait.SpinUntil(() => output.Length > 0, TimeSpan.FromSeconds(5)).ShouldBeTrue();
    }
}
