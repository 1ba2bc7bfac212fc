using System.Text;

namespace SocketRelay.Guard;

/// <summary>Whether mounts below a mount are passed on to the host (mount_namespaces(7)).</summary>
internal static class MountPropagation
{
    /// <summary>Judges a propagation. The swarm upper-cases it by Unicode's rules, so only words that are surely no other are let through.</summary>
    public static bool IsShared(ReadOnlySpan<char> propagation) => !(propagation.IsEmpty || IsAny(propagation, ["private", "rprivate", "slave", "rslave"]));

    /// <summary>Judges one word of a bind's mode, where words of other meanings stand too.</summary>
    public static bool IsSharedMode(ReadOnlySpan<char> word) => IsAny(word.Trim(), ["shared", "rshared"]) || !Ascii.IsValid(word);

    private static bool IsAny(ReadOnlySpan<char> word, ReadOnlySpan<string> of)
    {
        foreach (string known in of)
            if (Ascii.EqualsIgnoreCase(word, known))
                return true;
        return false;
    }
}
