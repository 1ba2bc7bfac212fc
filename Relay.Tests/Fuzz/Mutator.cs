namespace SocketRelay.Tests.Fuzz;

/// <summary>Changes seeds: bytes flipped, cut out, doubled, words of HTTP and JSON put in, two seeds joined. The same seed gives the same inputs.</summary>
/// <param name="seed">Seed of the choices.</param>
internal sealed class Mutator(int seed)
{
    private const int MaxBytes = 8 * 1024;

    private static readonly byte[][] Words =
    [
        "\r\n"u8.ToArray(), "\n"u8.ToArray(), "\r"u8.ToArray(), "\0"u8.ToArray(), " "u8.ToArray(), "\t"u8.ToArray(), ":"u8.ToArray(), ","u8.ToArray(),
        ";"u8.ToArray(), "\""u8.ToArray(), "\\"u8.ToArray(), "0"u8.ToArray(), "5\r\nhello\r\n"u8.ToArray(), "0\r\n\r\n"u8.ToArray(),
        "Content-Length: 5\r\n"u8.ToArray(), "Transfer-Encoding: chunked\r\n"u8.ToArray(), "Host: x\r\n"u8.ToArray(), "Connection: "u8.ToArray(),
        " HTTP/1.1\r\n"u8.ToArray(), "GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), "%2f"u8.ToArray(), "%00"u8.ToArray(), "%2e%2e"u8.ToArray(),
        "/../"u8.ToArray(), "//"u8.ToArray(), "/v1.41"u8.ToArray(), "?"u8.ToArray(), "{"u8.ToArray(), "}"u8.ToArray(), "["u8.ToArray(), "]"u8.ToArray(),
        "null"u8.ToArray(), "true"u8.ToArray(), "\\u017f"u8.ToArray(), "\u017F"u8.ToArray(), "\"Privileged\":true"u8.ToArray(), "7fffffffffffffff"u8.ToArray(),
    ];

#pragma warning disable CA5394 // the choices must be repeatable, not secret
    private readonly Random _random = new(seed);

    /// <summary>One to eight changes to one of the seeds.</summary>
    public byte[] Next(IReadOnlyList<(string Name, byte[] Bytes)> seeds)
    {
        List<byte> bytes = [.. seeds[_random.Next(seeds.Count)].Bytes];
        for (int changes = _random.Next(1, 9); changes > 0; changes--)
        {
            int at = _random.Next(bytes.Count + 1);
            int length = Math.Min(_random.Next(1, 12), bytes.Count - at);
            switch (_random.Next(6))
            {
                case 0 when length > 0:
                    bytes[at] = (byte)_random.Next(256);
                    break;
                case 1 when length > 0:
                    bytes[at] ^= (byte)(1 << _random.Next(8));
                    break;
                case 2:
                    bytes.RemoveRange(at, length);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 4:
                    byte[] other = seeds[_random.Next(seeds.Count)].Bytes;
                    bytes.InsertRange(at, other[_random.Next(other.Length + 1)..]);
                    break;
                default:
                    bytes.InsertRange(at, Words[_random.Next(Words.Length)]);
                    break;
            }

            if (bytes.Count > MaxBytes)
                bytes.RemoveRange(MaxBytes, bytes.Count - MaxBytes);
        }

        return [.. bytes];
    }
#pragma warning restore CA5394
}
