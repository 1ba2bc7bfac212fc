using System.Buffers;
using System.Globalization;
using System.Net.Sockets;
using System.Net;
using System.Text;
using SocketRelay.Native;
using SocketRelay.Policy;
using SocketRelay.Transport;

namespace SocketRelay.Host;

/// <summary>
/// Reads HAProxy's bind syntax (configuration manual, <c>bind</c>), the part that people use with the reference's image:
/// <code>
/// config  = place *( "," place )
/// place   = address *( SP option )            ; options behind the last place hold for all of them, as in HAProxy
/// address = [ "ipv4@" / "ipv6@" ] [ host ] ":" port / [ "unix@" ] "/" path
/// option  = "v4v6" / "v6only" / "mode" SP octal / "uid" SP number / "gid" SP number / "backlog" SP number / "name" SP word
/// </code>
/// An empty host and <c>*</c> are every IPv4 address, <c>[::]</c> every IPv6 one. Pure: nothing is opened or looked up here.
/// </summary>
internal static class BindConfig
{
    /// <summary>The reference's default: every address, IPv6 and IPv4.</summary>
    public const string Default = "[::]:2375 v4v6";

    /// <summary>What the reference's <c>DISABLE_IPV6</c> makes of the default.</summary>
    public const string DefaultWithoutV6 = ":2375";

    // It wins over v4v6, whichever comes first, as in HAProxy.
    private const string V6OnlyWord = "v6only";

    // Of tcp:// and http://, which DOCKER_HOST is written with; not of ":::2375", an IPv6 address.
    private static readonly SearchValues<char> SchemeLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz");

    /// <summary>
    /// Parses <paramref name="text"/>.
    /// </summary>
    /// <param name="variable">The variable's name, for the error texts.</param>
    /// <param name="text">The value, such as <c>[::]:2375 v4v6,unix@/run/relay.sock mode 660</c>.</param>
    /// <param name="errors">Gets one line for each thing that is not understood.</param>
    /// <returns>The places to listen at, in their order; what could not be understood is left out.</returns>
    public static IReadOnlyList<ListenAddress> Parse(string variable, string text, ICollection<string> errors)
    {
        List<ListenAddress> addresses = [];
        string[] places = text.Split(',');
        Options shared = new();
        bool isOneMissing = false;
        for (int i = places.Length - 1; i >= 0; i--)
        {
            string[] words = places[i].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
            {
                isOneMissing = true;
                continue;
            }
            Options? options = ParseOptions(variable, words.AsSpan(1), shared, errors);
            bool isShared = i == places.Length - 1;
            if (isShared && options is not null)
                shared = options;
            if (ParseAddress(variable, words[0], options ?? shared, errors) is not { } address)
                continue;
            addresses.Insert(0, address);
            if (!isShared && words.AsSpan(1).Contains(V6OnlyWord))
                CheckV6Only(variable, [address], errors);
        }
        if (shared.V6Only)
            CheckV6Only(variable, addresses, errors);
        if (isOneMissing)
            errors.Add($"{variable}: an address is missing in \"{SettingText.Shown(text)}\"; write places as :2375 or unix@/path, separated by single commas");
        return addresses;
    }

    // HAProxy ignores the option on other addresses, and so do we where it is meant for another place; alone it means that IPv6 was wanted.
    private static void CheckV6Only(string variable, IReadOnlyList<ListenAddress> places, ICollection<string> errors)
    {
        if (places.Count > 0 && places.All(static place => place.Address?.AddressFamily != AddressFamily.InterNetworkV6))
            errors.Add($"{variable}: \"{places[^1]} {V6OnlyWord}\" is not understood; use [::]:PORT {V6OnlyWord} for IPv6 alone, or leave {V6OnlyWord} out");
    }

    private sealed record Options
    {
        public bool V4V6 { get; init; }
        public bool V6Only { get; init; }
        public int Mode { get; init; } = 0x1B0; // 0660
        public int Uid { get; init; } = -1;
        public int Gid { get; init; } = -1;
        public int Backlog { get; init; } = ListenAddress.DefaultBacklog;
    }

    private static Options? ParseOptions(string variable, ReadOnlySpan<string> words, Options options, ICollection<string> errors)
    {
        for (int i = 0; i < words.Length; i++)
        {
            string word = words[i];
            switch (word)
            {
                case "v4v6":
                    options = options with { V4V6 = !options.V6Only };
                    continue;
                case V6OnlyWord:
                    options = options with { V6Only = true, V4V6 = false };
                    continue;
                case "mode" or "uid" or "gid" or "backlog" or "name":
                    break;
                case "user" or "group":
                    errors.Add($"{variable}: \"{SettingText.Shown(word)}\" is not supported, as the image has no user names; use {word[..1]}id NUMBER");
                    return null;
                case "ssl" or "crt" or "ca-file" or "verify" or "alpn":
                    errors.Add($"{variable}: \"{SettingText.Shown(word)}\" is not supported: the relay speaks no TLS; put a TLS proxy in front of it");
                    return null;
                case var _ when word.Contains(':') || word.Contains('/'): // nothing known has either: it was meant as a place
                    errors.Add($"{variable}: \"{SettingText.Shown(word)}\" is not understood; places are separated by commas, and known behind one are v4v6, v6only, mode, uid, gid, backlog and name");
                    return null;
                default:
                    errors.Add($"{variable}: \"{SettingText.Shown(word)}\" is not understood; known are v4v6, v6only, mode, uid, gid, backlog and name");
                    return null;
            }
            if (++i == words.Length)
            {
                errors.Add($"{variable}: \"{SettingText.Shown(word)}\" needs a value behind it, as in \"{(word == "mode" ? "mode 660" : word + " 1000")}\"");
                return null;
            }
            if (word == "name")
                continue;
            int value = word == "mode" ? Octal(words[i]) : Number(words[i]);
            if (value < 0)
            {
                string needed = word == "mode" ? "an octal number from 0 to 777" : "a whole number";
                errors.Add($"{variable}: \"{SettingText.Shown(word + " " + words[i])}\" is not understood; {word} takes {needed}");
                return null;
            }
            options = word switch
            {
                "mode" => options with { Mode = value },
                "uid" => options with { Uid = value },
                "gid" => options with { Gid = value },
                _ => options with { Backlog = Math.Max(1, value) },
            };
        }
        return options;
    }

    private static ListenAddress? ParseAddress(string variable, string word, Options options, ICollection<string> errors)
    {
        if (word.StartsWith("unix@", StringComparison.Ordinal) || word.StartsWith('/'))
            return ParseUnix(variable, word, options, errors);
        int scheme = word.IndexOf("://", StringComparison.Ordinal);
        if (scheme > 0 && word.AsSpan(0, scheme).IndexOfAnyExcept(SchemeLetters) < 0)
        {
            errors.Add($"{variable}: \"{SettingText.Shown(word[..(scheme + 3)])}\" is not understood; write the place without it, as in 127.0.0.1:2375 or unix@/path");
            return null;
        }
        string place = word;
        AddressFamily? family = null;
        int at = word.IndexOf('@');
        if (at >= 0)
        {
            family = word[..at] switch
            {
                "ipv4" => AddressFamily.InterNetwork,
                "ipv6" => AddressFamily.InterNetworkV6,
                _ => null,
            };
            if (family is null)
            {
                errors.Add($"{variable}: \"{SettingText.Shown(word[..(at + 1)])}\" is not supported; known are ipv4@, ipv6@ and unix@");
                return null;
            }
            place = word[(at + 1)..];
        }
        int colon = place.LastIndexOf(':');
        if (colon < 0 || !ushort.TryParse(place.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) || port == 0)
        {
            string example = ushort.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port != 0 ? word : "2375";
            errors.Add($"{variable}: \"{SettingText.Shown(word)}\" needs one port from 1 to 65535 at its end, as in \":{example}\"; a Unix socket is written unix@/path");
            return null;
        }
        if (place.StartsWith('[') != place.AsSpan(0, colon).EndsWith("]"))
        {
            errors.Add($"{variable}: \"{SettingText.Shown(word)}\" has a bracket that is not {(place.StartsWith('[') ? "closed" : "opened")}; write both around an IPv6 address, as in [::1]:2375");
            return null;
        }
        IPAddress? address = HostOf(place[..colon], family);
        if (address is null || (family is not null && address.AddressFamily != family))
        {
            errors.Add($"{variable}: \"{SettingText.Shown(word)}\" does not name an address of this machine; write numbers, as in 127.0.0.1:2375 or [::1]:2375");
            return null;
        }
        return new ListenAddress
        {
            Address = address,
            Port = port,
            V6Only = options.V6Only,
            FallsBackToV4 = options.V4V6 && address.Equals(IPAddress.IPv6Any),
            Backlog = options.Backlog,
        };
    }

    private static IPAddress? HostOf(string host, AddressFamily? family)
    {
        if (host is "" or "*")
            return family == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any;
        if (host == "localhost")
            return family == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Loopback : IPAddress.Loopback;
        if (host.StartsWith('[') && host.EndsWith(']'))
            host = host[1..^1];
        else if (!host.Contains(':') && host.Count('.') != 3)
            return null; // IPAddress reads 1 and 0x7f.1 as addresses too; nobody means that here
        return IPAddress.TryParse(host, out IPAddress? address) ? address : null;
    }

    private static ListenAddress? ParseUnix(string variable, string word, Options options, ICollection<string> errors)
    {
        string path = word.StartsWith('/') ? word : word["unix@".Length..];
        if (!path.StartsWith('/'))
        {
            errors.Add($"{variable}: \"{SettingText.Shown(word)}\" needs an absolute path, as in unix@/run/socketrelay.sock");
            return null;
        }
        if (Encoding.UTF8.GetByteCount(path) > SocketName.MaxUnixPath)
        {
            errors.Add($"{variable}: the path of \"{SettingText.Shown(word)}\" is longer than the {SocketName.MaxUnixPath} bytes that a Unix socket may have");
            return null;
        }
        return new ListenAddress { UnixPath = path, Mode = options.Mode, Uid = options.Uid, Gid = options.Gid, Backlog = options.Backlog };
    }

    private static int Octal(string text)
    {
        int value = 0;
        foreach (char digit in text)
        {
            if (digit is < '0' or > '7' || (value = (value * 8) + digit - '0') > 0x1FF)
                return -1;
        }
        return text.Length == 0 ? -1 : value;
    }

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : -1;
}
