namespace SocketRelay.Guard;

/// <summary>The API version in a path, which changes what a body means.
/// <code>
/// path = [ "/v" 1*( DIGIT / "." ) ] "/" …        without it the engine takes its newest version
/// </code></summary>
internal static class ApiVersion
{
    /// <summary>Digits of one number of a version that are read: no version has more.</summary>
    private const int MostDigits = 4;

    /// <summary>Whether a path asks for a version below <c>1.minor</c>. What may be read as one in more than one way counts as below.</summary>
    /// <param name="path">The path as sent.</param>
    /// <param name="minor">The second number of the version.</param>
    public static bool IsBelow(ReadOnlySpan<byte> path, int minor)
    {
        int end = path.IndexOf((byte)'/') == 0 ? path[1..].IndexOf((byte)'/') : -1;
        ReadOnlySpan<byte> first = end < 0 ? path : path.Slice(1, end);
        if (first.IsEmpty || first[0] == (byte)'.' || first.Contains((byte)'%'))
            return true;
        if (end < 0 || first.Length < 2 || first[0] != (byte)'v' || first[1..].ContainsAnyExcept("0123456789."u8))
            return false;
        ReadOnlySpan<byte> version = first[1..];
        int dot = version.IndexOf((byte)'.');
        ReadOnlySpan<byte> behind = dot < 0 ? default : version[(dot + 1)..];
        int second = behind.IndexOf((byte)'.');
        int? major = Number(dot < 0 ? version : version[..dot]), found = Number(second < 0 ? behind : behind[..second]);
        return major is null || found is null || major < 1 || (major == 1 && found < minor);
    }

    // Where nothing stands the engine reads zero.
    private static int? Number(ReadOnlySpan<byte> digits)
    {
        if (digits.Length > MostDigits)
            return null;
        int number = 0;
        foreach (byte digit in digits)
            number = (number * 10) + (digit - '0');
        return number;
    }
}
