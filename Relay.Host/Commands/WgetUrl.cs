using System.Globalization;
using System.Net;

namespace SocketRelay.Host.Commands;

/// <summary>The address of a health check: <c>http://HOST[:PORT][/TARGET]</c>, with or without <c>http://</c>.</summary>
/// <param name="Host">The host as written, brackets kept.</param>
/// <param name="Port">The port; 80 where none is written.</param>
/// <param name="Target">The origin-form target, fragment left out.</param>
internal sealed record WgetUrl(string Host, int Port, string Target)
{
    /// <summary>Reads <paramref name="url"/>; null with one line in <paramref name="error"/>.</summary>
    public static WgetUrl? Parse(string url, out string error)
    {
        error = "";
        string rest = url;
        int scheme = url.IndexOf("://", StringComparison.Ordinal);
        if (scheme >= 0)
        {
            if (!url.AsSpan(0, scheme).Equals("http", StringComparison.OrdinalIgnoreCase))
            {
                error = $"not an http address: {url}";
                return null;
            }
            rest = url[(scheme + 3)..];
        }
        int slash = rest.AsSpan().IndexOfAny('/', '?', '#');
        string authority = slash < 0 ? rest : rest[..slash];
        string target = slash < 0 ? "/" : rest[slash..];
        int fragment = target.IndexOf('#');
        if (fragment >= 0)
            target = target[..fragment];
        if (!target.StartsWith('/'))
            target = "/" + target;
        string host = authority;
        int port = 80;
        int colon = authority.LastIndexOf(':');
        if (colon > authority.LastIndexOf(']'))
        {
            host = authority[..colon];
            if (!int.TryParse(authority.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > 65535)
                port = 0;
        }
        bool isClean = !url.AsSpan().ContainsAnyExceptInRange('!', '~');
        if (host.Length > 0 && port > 0 && isClean && !host.Contains('@'))
            return new WgetUrl(host, port, target);
        error = $"bad address '{url}'";
        return null;
    }

    /// <summary>
    /// The places that the host stands for: numbers, <c>localhost</c> (both families), else what the hosts file says. No name server is asked:
    /// a health check looks at its own container.
    /// </summary>
    /// <param name="hostsFile">The lines of hosts(5).</param>
    public IReadOnlyList<IPEndPoint> Resolve(Func<IEnumerable<string>> hostsFile)
    {
        string bare = Host.StartsWith('[') && Host.EndsWith(']') ? Host[1..^1] : Host;
        if (IPAddress.TryParse(bare, out IPAddress? literal))
            return [new IPEndPoint(literal, Port)];
        if (bare.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            return [new IPEndPoint(IPAddress.Loopback, Port), new IPEndPoint(IPAddress.IPv6Loopback, Port)];
        List<IPEndPoint> places = [];
        foreach (string line in hostsFile())
        {
            int comment = line.IndexOf('#');
            string[] words = (comment < 0 ? line : line[..comment]).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 1 && words.AsSpan(1).Contains(bare) && IPAddress.TryParse(words[0], out IPAddress? address))
                places.Add(new IPEndPoint(address, Port));
        }
        places.Sort(static (a, b) => a.AddressFamily.CompareTo(b.AddressFamily)); // IPv4 first
        return places;
    }

    /// <summary>The name a file gets where none is asked for.</summary>
    public string FileName
    {
        get
        {
            string path = Target.Split('?')[0];
            string last = path[(path.LastIndexOf('/') + 1)..];
            return last.Length == 0 ? "index.html" : last;
        }
    }
}
