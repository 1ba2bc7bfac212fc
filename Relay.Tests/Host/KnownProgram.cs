namespace SocketRelay.Tests.Host;

/// <summary>One request of a program.</summary>
/// <param name="Method">The method.</param>
/// <param name="Target">The request-target.</param>
/// <param name="Body">The JSON body; null for none.</param>
internal sealed record ProgramCall(string Method, string Target, string? Body)
{
    /// <summary>The path without the query, as access records have it.</summary>
    public string Path => Target.Split('?')[0];

    /// <summary>Reads <c>METHOD path</c> or <c>METHOD path body</c>.</summary>
    public static ProgramCall Parse(string line)
    {
        string[] parts = line.Split(' ', 3);
        return new ProgramCall(parts[0], parts[1], parts.Length == 3 ? parts[2] : null);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Method} {Target}";
}

/// <summary>A program that people put behind the relay, by what it asks of the engine: a heading of <c>programs.md</c> beside this file.</summary>
/// <param name="Name">As docs/recipes/programs.md names it.</param>
/// <param name="Calls">The calls that it needs.</param>
/// <param name="Without">The calls that it makes and does without.</param>
/// <param name="Recipe">The file of docs/recipes that is made for it; null where there is none.</param>
internal sealed record KnownProgram(string Name, IReadOnlyList<ProgramCall> Calls, IReadOnlyList<ProgramCall> Without, string? Recipe)
{
    /// <summary>All of them, in the order of the file.</summary>
    public static IReadOnlyList<KnownProgram> All { get; } = Read();

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static KnownProgram[] Read()
    {
        string text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Host", "programs.md"));
        return [.. text.Split("\n## ").Skip(1).Select(static section =>
        {
            string[] parts = section.Split("```\n");
            return new KnownProgram(
                parts[0].Trim(),
                [.. parts[1].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(ProgramCall.Parse)],
                [.. Entries(parts[2], "- without: ").Select(ProgramCall.Parse)],
                Entries(parts[2], "- recipe: ").SingleOrDefault());
        })];
    }

    private static IEnumerable<string> Entries(string text, string mark) => text.Split('\n')
        .Where(line => line.StartsWith(mark, StringComparison.Ordinal)).Select(line => line[mark.Length..]);
}
