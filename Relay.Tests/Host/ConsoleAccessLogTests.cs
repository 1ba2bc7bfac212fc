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

    // More than a relay on one core writes: 30 MB of JSON a second.
    [Test]
    public void OutputThatIsRead_LosesNoLineOfABusyRelay()
    {
        const int Lines = 20_000;
        const double LinesPerMicrosecond = 0.1;
        using MemoryStream output = new();
        long dropped = 0;
        using (ConsoleAccessLog log = new(new StandardOutput(output), LogFormat.Json, SyslogLevel.Info, colour: false, count => Interlocked.Add(ref dropped, count)))
        {
            Stopwatch watch = Stopwatch.StartNew();
            for (int i = 0; i < Lines; i++)
            {
                while (i > watch.Elapsed.TotalMicroseconds * LinesPerMicrosecond)
                    Thread.SpinWait(1);
                log.Write(Record);
            }
        }

        dropped.ShouldBe(0);
        output.ToArray().Count(static value => value == '\n').ShouldBe(Lines);
        (output.Length / Lines).ShouldBeGreaterThan(250);
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
