namespace SocketRelay.Native;

/// <summary>Raw imports of libc, named as their man pages name them. No retry, no policy: the wrappers of this folder add those.</summary>
internal static unsafe partial class Interop
{
    /// <summary>The C library. The published executable binds these names at link time.</summary>
    private const string Libc = "libc";
}
