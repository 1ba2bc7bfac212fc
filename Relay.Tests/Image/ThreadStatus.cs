namespace SocketRelay.Tests.Image;

/// <summary>What the kernel says of one thread in /proc (proc_pid_status(5)).</summary>
/// <param name="Name">The thread's name.</param>
/// <param name="Lines">Every line by its key, white space as single blanks.</param>
internal sealed record ThreadStatus(string Name, IReadOnlyDictionary<string, string> Lines)
{
    private const string NoCapabilities = "0000000000000000";

    /// <summary>One line by its key, such as <c>Uid</c>.</summary>
    public string this[string key] => Lines[key];

    /// <summary>All threads of a process.</summary>
    public static IReadOnlyList<ThreadStatus> Of(int process) =>
        [.. Directory.EnumerateDirectories($"/proc/{process}/task").Select(static folder => Read($"{folder}/status"))];

    /// <summary>Fails unless this thread is <paramref name="uid"/> with one group, holds no capability and can gain none.</summary>
    public void ShouldHaveNothing(uint uid, uint gid, string groups = "")
    {
        this["Uid"].ShouldBe($"{uid} {uid} {uid} {uid}", Name);
        this["Gid"].ShouldBe($"{gid} {gid} {gid} {gid}", Name);
        this["Groups"].ShouldBe(groups, Name);
        foreach (var set in new[] { "CapPrm", "CapEff", "CapAmb" })
            this[set].ShouldBe(NoCapabilities, $"{Name} {set}");
        this["NoNewPrivs"].ShouldBe("1", Name);
        this["Seccomp"].ShouldBe("2", Name);
    }

    private static ThreadStatus Read(string file)
    {
        var lines = File.ReadLines(file).Select(static line => line.Split(':', 2))
            .ToDictionary(static parts => parts[0], static parts => string.Join(' ', parts[1].Split((char[])['\t', ' '], StringSplitOptions.RemoveEmptyEntries)));
        return new ThreadStatus(lines["Name"], lines);
    }
}
