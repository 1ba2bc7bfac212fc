namespace SocketRelay.Tests.Support;

/// <summary>Where the sources and what was built from them lie, seen from the running tests.</summary>
internal static class Repository
{
    /// <summary>The folder that holds SocketRelay.sln, or null when the tests run from a copy elsewhere.</summary>
    public static string? Root { get; } = FindRoot();

    /// <summary>A folder that belongs to this run alone, below the system's folder for temporary files.</summary>
    public static string NewTemporaryFolder(string purpose) => Directory.CreateTempSubdirectory($"socketrelay-{purpose}-").FullName;

    /// <summary>The C# files below a folder of the repository, build output aside.</summary>
    public static IEnumerable<string> SourcesBelow(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root ?? throw new InvalidOperationException("no SocketRelay.sln above the tests"), folder), "*.cs", SearchOption.AllDirectories)
            .Where(static file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));

    private static string? FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SocketRelay.sln")))
                return folder.FullName;
        }

        return null;
    }
}
