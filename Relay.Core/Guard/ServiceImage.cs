using System.Buffers.Text;

namespace SocketRelay.Guard;

/// <summary>The image that an update gives to a service, which brings no credentials of its own.</summary>
/// <param name="Registry">Its registry, from <see cref="ImageRegistry.Of"/>.</param>
/// <param name="CredentialsOfPrevious">Whether it is to be pulled with the credentials of the service's previous spec, not of the present one.</param>
/// <param name="PulledAtOnce">Whether the engine asks the registry before it compares the version, as it does below API 1.30: the service may
/// have gone back to its previous spec meanwhile.</param>
internal sealed record ServiceImage(string Registry, bool CredentialsOfPrevious, bool PulledAtOnce)
{
    // The engine's first API in which an update asks no registry.
    private const int Major = 1, Minor = 30;

    /// <summary>What the head of an update says of it.</summary>
    /// <param name="registry">The image's registry.</param>
    /// <param name="request">The update.</param>
    public static ServiceImage Of(string registry, in GuardRequest request) => new(
        registry, QueryInspector.First(request.Query, "registryAuthFrom") == "previous-spec", !IsNewApi(request.Path));

    // A path without a version means the engine's newest. One that is written in another way counts as an old one.
    private static bool IsNewApi(ReadOnlySpan<byte> path)
    {
        if (path.StartsWith("/services/"u8))
            return true;
        if (!path.StartsWith("/v"u8) || !Utf8Parser.TryParse(path[2..], out int major, out int used))
            return false;
        ReadOnlySpan<byte> rest = path[(2 + used)..];
        return rest.StartsWith("."u8) && Utf8Parser.TryParse(rest[1..], out int minor, out used) && rest[(1 + used)..].StartsWith("/"u8)
            && (major > Major || (major == Major && minor >= Minor));
    }
}
