using System.Globalization;
using System.Text.Json;
using SocketRelay.Benchmarks.Commands;
using SocketRelay.Tests.Image;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Benchmarks;

/// <summary>The harness's soak against the native executable: nothing unanswered, nothing left open, no memory that grows.</summary>
[TestFixture]
[Category("Soak")]
internal sealed class SoakTests
{
    /// <summary>What the second half may add: buffers that a peak of bulk bodies needs for the first time. A leak grows with the actions, thousands.</summary>
    private const double ToleratedMegabytes = 3;

    private static readonly int Seconds = LongForm.IsAskedFor ? 600 : 20;

    [Test]
    public void MixedTrafficWithAborts_LeavesNothingBehind()
    {
        NativeExecutable.RequireAsRoot(); // under the .NET runtime memory says nothing of the relay
        string folder = Repository.NewTemporaryFolder("soak");
        string file = Path.Combine(folder, "soak.json");
        string harness = typeof(SoakCommand).Assembly.Location;
        CommandResult run = RunningCommand.Run(
            "dotnet", ["exec", harness, "soak", "--seconds", Seconds.ToString(CultureInfo.InvariantCulture), "--json", file],
            new Dictionary<string, string?> { ["RELAY_EXECUTABLE"] = RelayProcess.Executable[0] }, limit: TimeSpan.FromSeconds(Seconds + 120));
        run.ExitCode.ShouldBe(0, run.Output + run.Error); // no action failed or went unanswered, and the descriptors are back
        TestContext.Out.WriteLine(run.Output);
        using JsonDocument report = JsonDocument.Parse(File.ReadAllText(file));
        Directory.Delete(folder, recursive: true);
        List<(int Milliseconds, double Megabytes)> memory = [.. report.RootElement.GetProperty("measurements").EnumerateArray()
            .Where(static one => one.GetProperty("metric").GetString() == "resident")
            .Select(static one => (one.GetProperty("round").GetInt32(), one.GetProperty("value").GetDouble()))];
        memory.Count.ShouldBeGreaterThan(Seconds);
        double Most(double from, double to) =>
            memory.Where(one => one.Milliseconds >= from * Seconds * 1000 && one.Milliseconds < to * Seconds * 1000).Max(static one => one.Megabytes);
        (Most(0.75, double.PositiveInfinity) - Most(0.25, 0.5)).ShouldBeLessThan(ToleratedMegabytes, run.Output);
    }
}
