using System.Buffers;

namespace SocketRelay.Guard;

/// <summary>Which machine the engine asks for an image: what stands before the first slash of its name, unless that can only be a name on
/// Docker Hub (github.com/distribution/reference).</summary>
internal static class ImageRegistry
{
    /// <summary>Docker Hub, by the name that the engine itself writes.</summary>
    public const string Hub = "docker.io";

    // Upper case, a dot or a colon make a name a machine's.
    private static readonly SearchValues<char> NamesOnHub = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_-");

    /// <summary>The registry of an image, with its port, letter by letter as it was written.</summary>
    /// <param name="image">The name of an image, or anything else that a client may send for one.</param>
    public static string Of(ReadOnlySpan<char> image)
    {
        int slash = image.IndexOf('/');
        ReadOnlySpan<char> first = slash < 0 ? "" : image[..slash];
        bool isOnHub = first is Hub or "index.docker.io" || (first is not "localhost" && !first.ContainsAnyExcept(NamesOnHub));
        return isOnHub ? Hub : first.ToString();
    }
}
