using System.Globalization;

namespace SocketRelay.Tests.Support;

/// <summary>What the kernel says of another process of the same user; proc(5). Descriptors and memory that a process does not give back show here.</summary>
internal static class ProcessReading
{
    /// <summary>How many of its descriptors are sockets: listeners and connections.</summary>
    public static int Sockets(int process) => Links(process).Count(static link => link.StartsWith("socket:", StringComparison.Ordinal));

    /// <summary>Resident memory in bytes (VmRSS).</summary>
    public static long ResidentBytes(int process) => Kibibytes(process, "VmRSS:") * 1024;

    private static long Kibibytes(int process, string name) =>
        long.Parse(Field(process, name).Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture);

    private static string Field(int process, string name) =>
        File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Trim();

    private static List<string> Links(int process)
    {
        List<string> links = [];
        foreach (var entry in Directory.EnumerateFileSystemEntries($"/proc/{process}/fd"))
        {
            try
            {
                links.Add(new FileInfo(entry).LinkTarget ?? "");
            }
            catch (IOException)
            {
                // Closed since the folder was read.
            }
        }

        return links;
    }
}
