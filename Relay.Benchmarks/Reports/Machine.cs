using System.Globalization;
using System.Runtime.InteropServices;

namespace SocketRelay.Benchmarks.Reports;

/// <summary>The machine of a run: numbers mean little without it.</summary>
/// <param name="Cores">Processors that the harness may use.</param>
/// <param name="Processor">The processor's model name.</param>
/// <param name="MemoryBytes">Memory of the machine.</param>
/// <param name="Kernel">The kernel's name and version.</param>
/// <param name="System">The distribution.</param>
/// <param name="Load">Load average of the last minute when the run began: other work on the machine.</param>
internal sealed record Machine(int Cores, string Processor, long MemoryBytes, string Kernel, string System, double Load)
{
    /// <summary>Reads this machine.</summary>
    public static Machine Read() => new(
        Environment.ProcessorCount,
        FirstValue("/proc/cpuinfo", "model name") ?? RuntimeInformation.OSArchitecture.ToString(),
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        $"Linux {FirstLine("/proc/sys/kernel/osrelease")}",
        FirstValue("/etc/os-release", "PRETTY_NAME")?.Trim('"') ?? RuntimeInformation.OSDescription,
        double.Parse(FirstLine("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture));

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Cores} cores ({Processor}), {MemoryBytes / 1e9:0.0} GB, {Kernel}, {System}; load average at the start {Load:0.00}");

    private static string FirstLine(string file) => File.ReadLines(file).FirstOrDefault() ?? "";

    private static string? FirstValue(string file, string name)
    {
        if (!File.Exists(file))
            return null;
        string? line = File.ReadLines(file).FirstOrDefault(one => one.StartsWith(name, StringComparison.Ordinal));
        return line?[(line.IndexOfAny([':', '=']) + 1)..].Trim();
    }
}
