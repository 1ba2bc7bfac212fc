using System.Net;
using System.Net.Sockets;
using SocketRelay.Benchmarks.Load;

namespace SocketRelay.Benchmarks.Contenders;

/// <summary>A private folder for one run: sockets, configurations, logs. Removed at the end.</summary>
internal sealed class RunFolder : IDisposable
{
    /// <summary>Makes the folder, open to this user alone.</summary>
    /// <exception cref="HarnessException">It cannot be made.</exception>
    public RunFolder()
    {
        try
        {
            Path = Directory.CreateTempSubdirectory("socketrelay-").FullName;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw HarnessException.Of($"no folder can be made in {System.IO.Path.GetTempPath()}", failure, "set TMPDIR to one that you may write to");
        }
    }

    /// <summary>The folder's path; short enough for a socket inside it.</summary>
    public string Path { get; }

    /// <summary>The path of a file inside it.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>A loopback port that nobody uses just now.</summary>
    public static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // a program that was killed hard may have left something busy; the system's own cleaning takes it
        }
    }
}
