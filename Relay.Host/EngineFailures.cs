using SocketRelay.Native;
using SocketRelay.Sessions;

namespace SocketRelay.Host;

/// <summary>Why the engine cannot be reached, as this process should tell it.</summary>
internal static class EngineFailures
{
    /// <summary>
    /// <see cref="SocketDiagnosis.Explain"/>, but for a process that has given root up: it could open the socket then, so its user and groups
    /// are not what has to be changed. Something else than a socket at the path is told as what it is.
    /// </summary>
    /// <param name="path">SOCKET_PATH.</param>
    /// <param name="errno">The error number of connect(2).</param>
    /// <param name="isRootGivenUp">Whether the process was started as root and gave it up.</param>
    public static string TextOf(string path, int errno, bool isRootGivenUp) => isRootGivenUp && errno == Errno.EACCES && !IsSomethingElse(path)
        ? $"cannot open {path}: permission denied; its group or mode has changed since the relay gave root up: restart the container, or set KEEP_ROOT=1"
        : SocketDiagnosis.Explain(path, errno);

    // connect(2) says EACCES of a folder, too, to whom may not write it.
    private static bool IsSomethingElse(string path) => FileFacts.TryRead(path, out FileFacts facts) == 0 && !facts.IsSocket;
}
