using System.Globalization;

namespace SocketRelay.Benchmarks.Contenders;

/// <summary>A process and everything that descends from it, read from /proc (proc(5)).</summary>
internal static class ProcessFamily
{
    /// <summary>The process numbers of a family, the roots first; those of ended processes are left out.</summary>
    public static IReadOnlyList<int> Of(params IReadOnlyList<int> roots)
    {
        var parents = new Dictionary<int, int>();
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && ParentOf(folder) is int parent)
                parents[pid] = parent;
        }
        var family = new List<int>();
        foreach (int root in roots)
        {
            if (parents.ContainsKey(root) && !family.Contains(root))
                family.Add(root);
        }
        for (int i = 0; i < family.Count; i++)
        {
            foreach ((int pid, int parent) in parents)
            {
                if (parent == family[i] && !family.Contains(pid))
                    family.Add(pid);
            }
        }
        return family;
    }

    private static int? ParentOf(string folder)
    {
        try
        {
            string text = File.ReadAllText($"{folder}/stat");
            // pid (name) state ppid …; the name may hold blanks and brackets, so look from its end.
            string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] == "Z" ? null : int.Parse(fields[1], CultureInfo.InvariantCulture);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null; // it ended meanwhile
        }
    }
}
