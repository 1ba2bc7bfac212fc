using System.Globalization;

namespace SocketRelay.Benchmarks.Contenders;

/// <summary>Who listens on a TCP port of this machine, so that a proxy given by address has its processor time and memory measured too.</summary>
internal static class ListenerOwner
{
    /// <summary>The state LISTEN in /proc/net/tcp (proc(5)).</summary>
    private const string Listening = "0A";

    /// <summary>The processes that hold a listening socket of a port; empty where none can be seen (another machine, another user's).</summary>
    public static IReadOnlyList<int> Of(int port)
    {
        var sockets = new HashSet<string>(StringComparer.Ordinal);
        string suffix = string.Create(CultureInfo.InvariantCulture, $":{port:X4}");
        foreach (string table in (string[])["/proc/net/tcp", "/proc/net/tcp6"])
        {
            if (!File.Exists(table))
                continue;
            foreach (string line in File.ReadLines(table).Skip(1))
            {
                // sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode …
                string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (fields[1].EndsWith(suffix, StringComparison.Ordinal) && fields[3] == Listening)
                    sockets.Add($"socket:[{fields[9]}]");
            }
        }
        return sockets.Count == 0 ? [] : HoldersOf(sockets);
    }

    private static List<int> HoldersOf(HashSet<string> sockets)
    {
        var holders = new List<int>();
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && Holds(folder, sockets))
                holders.Add(pid);
        }
        return holders;
    }

    private static bool Holds(string folder, HashSet<string> sockets)
    {
        try
        {
            foreach (string descriptor in Directory.EnumerateFiles($"{folder}/fd"))
            {
                if (File.ResolveLinkTarget(descriptor, false)?.Name is string name && sockets.Contains(name))
                    return true;
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // it ended meanwhile, or is another user's
        }
        return false;
    }
}
