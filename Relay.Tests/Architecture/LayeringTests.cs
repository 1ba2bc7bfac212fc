using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Architecture;

/// <summary>Holds the arrows of docs/architecture.md: who may name whom, and what a pure room may not name at all.</summary>
[TestFixture]
internal sealed class LayeringTests
{
    private static readonly string[] PureRooms = ["Http", "Policy", "Guard", "Exchange"];

    // Types of System.Threading by their names too: the implicit usings bring that namespace into every file.
    private static readonly string[] ForbiddenInPureRooms =
    [
        "System.Net.Sockets", "System.IO.Pipelines", "PipeReader", "PipeWriter", "System.Threading", "Thread.", "Interlocked.", "Volatile.",
        "Monitor.", "lock (", "ValueTask", "Task<", "Task ", "ILogger", "TimeProvider", "Stopwatch", "Environment.", "File.", "Console.",
        "async ", "unsafe ",
    ];

    // Room -> the rooms it may name. Exchange names Policy for the hijack kinds alone.
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Http"] = [],
        ["Policy"] = ["Http"],
        ["Guard"] = ["Http", "Policy"],
        ["Exchange"] = ["Http", "Policy"],
        ["Native"] = [],
        ["Transport"] = ["Native"],
        ["Diagnostics"] = ["Http", "Policy", "Exchange"],
        ["Sessions"] = ["Http", "Policy", "Guard", "Exchange", "Native", "Transport", "Diagnostics"],
    };

    [Test]
    public void PureRooms_NameNothingImpure([ValueSource(nameof(PureRooms))] string room)
    {
        List<string> found = [];
        foreach (string file in Repository.SourcesBelow("Relay.Core/" + room))
        {
            foreach ((string line, int number) in CodeLines(file))
            {
                foreach (string word in ForbiddenInPureRooms)
                {
                    if (line.Contains(word, StringComparison.Ordinal))
                        found.Add($"{Path.GetFileName(file)}:{number} names {word.Trim()}");
                }
            }
        }

        found.ShouldBeEmpty();
    }

    [Test]
    public void Rooms_NameOnlyTheRoomsTheirArrowsReach([ValueSource(nameof(Rooms))] string room)
    {
        string[] allowed = Arrows[room];
        List<string> found = [];
        foreach (string file in Repository.SourcesBelow("Relay.Core/" + room))
        {
            foreach ((string line, int number) in CodeLines(file))
            {
                foreach (string other in Arrows.Keys)
                {
                    if (other != room && !allowed.Contains(other) && Names(line, other))
                        found.Add($"{Path.GetFileName(file)}:{number} names {other}");
                }
            }
        }

        found.ShouldBeEmpty();
    }

    [Test]
    public void EveryFolderOfCore_IsARoom()
    {
        IEnumerable<string> folders = Directory.EnumerateDirectories(Path.Combine(Repository.Root!, "Relay.Core"))
            .Select(static folder => Path.GetFileName(folder))
            .Where(static name => name is not "bin" and not "obj");
        folders.ShouldBeSubsetOf(Arrows.Keys);
    }

    [Test]
    public void UnsafeCode_SaysWhyItIsSafe()
    {
        List<string> found = [];
        foreach (string file in Repository.SourcesBelow("Relay.Core"))
        {
            string[] lines = File.ReadAllLines(file);
            for (int i = 0; i < lines.Length; i++)
            {
                string code = lines[i].TrimStart();
                bool risky = code.StartsWith("fixed (", StringComparison.Ordinal)
                    || code.StartsWith("unsafe", StringComparison.Ordinal)
                    || code.Contains("MemoryMarshal.", StringComparison.Ordinal)
                    || code.Contains("Unsafe.", StringComparison.Ordinal);
                if (!risky || code.StartsWith("//", StringComparison.Ordinal))
                    continue;
                bool explained = false;
                for (int back = i; back >= Math.Max(0, i - 6); back--)
                    explained |= lines[back].Contains("SAFETY:", StringComparison.Ordinal);
                if (!explained)
                    found.Add($"{Path.GetFileName(file)}:{i + 1}");
            }
        }

        found.ShouldBeEmpty();
    }

    [Test]
    public void DataPath_DoesNotUseTheSocketLibrary()
    {
        IEnumerable<string> users = Repository.SourcesBelow("Relay.Core")
            .Where(static file => CodeLines(file).Any(static line => SocketLibrary.Any(word => line.Text.Contains(word, StringComparison.Ordinal))))
            .Select(static file => Path.GetFileName(file));
        users.ShouldBeEmpty();
    }

    [Test]
    public void SharedMembers_HaveADocstring()
    {
        List<string> found = [];
        foreach (string file in Repository.SourcesBelow("Relay.Core").Concat(Repository.SourcesBelow("Relay.Host")).Where(static file => !IsRawNative(file)))
        {
            string[] lines = File.ReadAllLines(file);
            for (int i = 0; i < lines.Length; i++)
            {
                // Members of nested private types are nobody else's: their lines stand deeper.
                string code = lines[i].StartsWith("     ", StringComparison.Ordinal) ? string.Empty : lines[i].TrimStart();
                if (!IsSharedDeclaration(code))
                    continue;
                int above = i - 1;
                while (above >= 0 && IsAttributeLine(lines[above]))
                    above--;
                string before = above >= 0 ? lines[above].TrimStart() : string.Empty;
                if (!before.StartsWith("///", StringComparison.Ordinal))
                    found.Add($"{Path.GetFileName(file)}:{i + 1}: {code}");
            }
        }

        found.ShouldBeEmpty();
    }

    private static readonly string[] SocketLibrary = ["new Socket(", "SocketAsyncEventArgs", "NetworkStream", "TcpClient", "TcpListener"];

    private static IEnumerable<string> Rooms() => Arrows.Keys;

    // By its namespace, or by what a file of another room may shorten that to: Sessions.LocalReply.
    private static bool Names(string line, string room)
    {
        if (line.Contains("SocketRelay." + room, StringComparison.Ordinal))
            return true;
        string prefix = room + ".";
        for (int at = line.IndexOf(prefix, StringComparison.Ordinal); at >= 0; at = line.IndexOf(prefix, at + 1, StringComparison.Ordinal))
        {
            if (at == 0 || !(char.IsLetterOrDigit(line[at - 1]) || line[at - 1] is '_' or '.'))
                return true;
        }
        return false;
    }

    private static bool IsAttributeLine(string line)
    {
        string code = line.TrimStart();
        return code.StartsWith('[') && code.EndsWith(']');
    }

    // Raw imports and error numbers keep the names of their man pages, which document them.
    private static bool IsRawNative(string file)
    {
        string name = Path.GetFileName(file);
        return name.StartsWith("Interop.", StringComparison.Ordinal) || name == "Errno.cs";
    }

    // Overrides inherit their text.
    private static bool IsSharedDeclaration(string code) =>
        (code.StartsWith("public ", StringComparison.Ordinal) || code.StartsWith("internal ", StringComparison.Ordinal))
        && !code.Contains(" override ", StringComparison.Ordinal)
        && !code.Contains(" partial class Interop", StringComparison.Ordinal);

    private static IEnumerable<(string Text, int Number)> CodeLines(string file)
    {
        int number = 0;
        foreach (string line in File.ReadLines(file))
        {
            number++;
            string code = line.TrimStart();
            if (!code.StartsWith("//", StringComparison.Ordinal))
                yield return (code, number);
        }
    }
}
