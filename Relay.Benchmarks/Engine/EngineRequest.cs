using System.Buffers.Text;
using System.Text;

namespace SocketRelay.Benchmarks.Engine;

/// <summary>What the stand-in engine needs of a request's head. It reads only what a relay would send on, and is lenient: it guards nothing.</summary>
internal ref struct EngineRequest
{
    /// <summary>GET, HEAD, POST …</summary>
    public ReadOnlySpan<byte> Method;

    /// <summary>The path without version prefix and query.</summary>
    public ReadOnlySpan<byte> Path;

    /// <summary>The query without its question mark; empty if there is none.</summary>
    public ReadOnlySpan<byte> Query;

    /// <summary>The body's length; 0 without one, -1 when it is chunked.</summary>
    public long BodyLength;

    /// <summary>The caller wants the connection closed after the answer.</summary>
    public bool WantsClose;

    /// <summary>The caller asks to switch to a raw stream.</summary>
    public bool WantsUpgrade;

    /// <summary>The caller waits for 100 Continue before it sends the body.</summary>
    public bool ExpectsContinue;

    /// <summary>Reads a head.</summary>
    /// <param name="head">The head's bytes, the empty line included.</param>
    /// <param name="request">What it says.</param>
    /// <returns>False when it has no request line.</returns>
    public static bool TryParse(ReadOnlySpan<byte> head, out EngineRequest request)
    {
        request = default;
        int end = head.IndexOf((byte)'\n') + 1;
        ReadOnlySpan<byte> line = head[..end];
        int first = line.IndexOf((byte)' '), last = line.LastIndexOf((byte)' ');
        if (first <= 0 || last <= first)
            return false;
        request.Method = line[..first];
        ReadOnlySpan<byte> target = line[(first + 1)..last];
        int question = target.IndexOf((byte)'?');
        request.Query = question < 0 ? default : target[(question + 1)..];
        request.Path = WithoutVersion(question < 0 ? target : target[..question]);
        ReadOnlySpan<byte> rest = head[end..];
        while (rest.Length > 2)
        {
            int next = rest.IndexOf((byte)'\n') + 1;
            request.ReadField(rest[..(next - 1)]);
            rest = rest[next..];
        }
        return true;
    }

    /// <summary>A number of the query, as in <c>interval=5</c>.</summary>
    /// <param name="name">The name with its equals sign.</param>
    /// <param name="absent">What to return where it is not given.</param>
    public readonly int QueryNumber(ReadOnlySpan<byte> name, int absent)
    {
        int at = Query.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(Query[(at + name.Length)..], out int value, out _) ? value : absent;
    }

    private static ReadOnlySpan<byte> WithoutVersion(ReadOnlySpan<byte> path)
    {
        if (path.Length < 3 || path[1] != 'v' || path[2] is < (byte)'0' or > (byte)'9')
            return path;
        int slash = path[1..].IndexOf((byte)'/');
        return slash < 0 ? path : path[(slash + 1)..];
    }

    private void ReadField(ReadOnlySpan<byte> line)
    {
        int colon = line.IndexOf((byte)':');
        if (colon <= 0)
            return;
        ReadOnlySpan<byte> name = line[..colon], value = line[(colon + 1)..].Trim(" \t\r"u8);
        switch (name.Length)
        {
            case 14 when Ascii.EqualsIgnoreCase(name, "Content-Length"u8) && Utf8Parser.TryParse(value, out long length, out _):
                BodyLength = length;
                break;
            case 17 when Ascii.EqualsIgnoreCase(name, "Transfer-Encoding"u8):
                BodyLength = -1;
                break;
            case 10 when Ascii.EqualsIgnoreCase(name, "Connection"u8):
                WantsClose = Ascii.EqualsIgnoreCase(value, "close"u8);
                break;
            case 7 when Ascii.EqualsIgnoreCase(name, "Upgrade"u8):
                WantsUpgrade = true;
                break;
            case 6 when Ascii.EqualsIgnoreCase(name, "Expect"u8):
                ExpectsContinue = true;
                break;
            default:
                break;
        }
    }
}
