using System.Text;

namespace SocketRelay.Guard;

/// <summary>Compares names of JSON objects as Go's encoding/json matches them to the fields of a struct (fold.go): without case, by simple
/// Unicode folding, after escapes are undone. Two letters outside ASCII fold into it: U+017F is an s, U+212A a k. Keys of Go maps are
/// compared exactly.</summary>
internal static class FieldNameFolding
{
    private const ulong HashStart = 14695981039346656037;
    private const ulong HashPrime = 1099511628211;

    /// <summary>A hash of a name; equal names, under the same <paramref name="folds"/>, have equal hashes.</summary>
    /// <param name="raw">The name as written, without quotes.</param>
    /// <param name="folds">Whether case is folded (a struct's field) or not (a map's key).</param>
    public static ulong Hash(ReadOnlySpan<byte> raw, bool folds)
    {
        ulong hash = HashStart;
        var runes = new JsonRunes(raw);
        for (int rune = runes.Next(); rune >= 0; rune = runes.Next())
            hash = (hash ^ (uint)(folds ? Fold(rune) : rune)) * HashPrime;
        return hash;
    }

    /// <summary>Whether two names as written are one name to the engine.</summary>
    public static bool AreEqual(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> other, bool folds)
    {
        var left = new JsonRunes(raw);
        var right = new JsonRunes(other);
        while (true)
        {
            int l = left.Next(), r = right.Next();
            if (l != r && (!folds || l < 0 || r < 0 || Fold(l) != Fold(r)))
                return false;
            if (l < 0)
                return true;
        }
    }

    /// <summary>The representative of all characters that fold to the same: ASCII letters in upper case.</summary>
    private static int Fold(int rune) => rune switch
    {
        >= 'a' and <= 'z' => rune - 0x20,
        < 0x80 => rune,
        0x17F => 'S',
        0x212A => 'K',
        _ => Rune.ToUpperInvariant(new Rune(rune)).Value,
    };
}
