namespace SocketRelay.Tests.Support;

/// <summary>Where the sources and what was built from them lie, seen from the running tests.</summary>
internal static class Repository
{
    /// <summary>The folder that holds SocketRelay.sln, or null when the tests run from a copy elsewhere.</summary>
    public static string? Root { get; } = FindRoot();

    /// <summary>A folder that belongs to this run alone, below the system's folder for temporary files.</summary>
    public static string NewTemporaryFolder(string purpose) => Directory.CreateTempSubdirectory($"socketrelay-{purpose}-").FullName;

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
