namespace SocketRelay.Tests.Support;

/// <summary>One vector of a text file: what it shows, the bytes, and what is expected of them.</summary>
/// <param name="File">The file's name without its ending.</param>
/// <param name="Heading">A sentence that says what the vector shows.</param>
/// <param name="Bytes">The bytes, escapes resolved.</param>
/// <param name="Expected">The <c>- key: value</c> lines under the bytes, in order.</param>
internal sealed record Vector(string File, string Heading, byte[] Bytes, IReadOnlyList<KeyValuePair<string, string>> Expected)
{
    /// <summary>The first expected value called <paramref name="key"/>, or null.</summary>
    public string? this[string key] => Expected.FirstOrDefault(pair => pair.Key == key).Value;

    /// <summary>The heading: it names the test case.</summary>
    public override string ToString() => Heading;
}
