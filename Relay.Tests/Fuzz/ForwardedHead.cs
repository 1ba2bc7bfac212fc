using System.Text.RegularExpressions;

namespace SocketRelay.Tests.Fuzz;

/// <summary>
/// What the engine is to receive of a head, line by line and without the product's code: CR LF behind each line, origin-form with the
/// target's authority as Host, and no offer of a protocol but the one that belongs to the operation.
/// </summary>
internal static partial class ForwardedHead
{
    /// <summary>The head, its empty line included.</summary>
    /// <param name="lines">The request line and the field lines.</param>
    /// <param name="method">The method.</param>
    /// <param name="path">The path, as sent.</param>
    public static string Of(IReadOnlyList<string> lines, string method, string path)
    {
        IEnumerable<string> fields = lines.Skip(1);
        if (StrictReader.AuthorityOf(lines[0]) is { } authority)
        {
            string host = "Host: " + authority;
            fields = [.. fields.Select(line => Is(line, "Host") ? host : line)];
            if (!fields.Any(static line => Is(line, "Host")))
                fields = fields.Append(host);
        }

        return string.Concat(WithoutOffers([.. fields], ProtocolOf(method, path)).Prepend(StrictReader.OriginForm(lines[0])).Append("").Select(static line => line + "\r\n"));
    }

    private static IEnumerable<string> WithoutOffers(string[] fields, string protocol)
    {
        string[] offers = [.. fields.Where(static line => Is(line, "Upgrade"))];
        if (offers.Length == 0 || (offers is [var only] && protocol.Length > 0 && Same(ValueOf(only), protocol)))
            return fields;
        bool stays = protocol.Length > 0 && offers.SelectMany(MembersOf).Any(member => Same(member, protocol));
        string[] leave = stays ? protocol == "h2c" ? [] : ["HTTP2-Settings"] : ["Upgrade", "HTTP2-Settings"];
        List<string> left = [];
        foreach (string line in fields)
        {
            if (ReferenceEquals(line, offers[0]) && stays)
                left.Add($"{NameOf(line)}: {protocol}");
            else if (Is(line, "Connection") && MembersOf(line).Where(member => !leave.Any(name => Same(name, member))).ToArray() is { Length: > 0 } members)
                left.Add($"{NameOf(line)}: {string.Join(", ", members)}");
            else if (!Is(line, "Upgrade") && !Is(line, "Connection") && !leave.Any(name => Is(line, name)))
                left.Add(line);
        }

        return left;
    }

    private static string ProtocolOf(string method, string path) => (method, Uri.UnescapeDataString(path)) switch
    {
        ("POST", var plain) when Stream().IsMatch(plain) => "tcp",
        ("GET", var plain) when WebSocket().IsMatch(plain) => "websocket",
        ("POST", var plain) when Session().IsMatch(plain) => "h2c",
        _ => "",
    };

    [GeneratedRegex("^(/v[0-9.]+)?/(containers/.+/attach|exec/.+/start)$", RegexOptions.CultureInvariant)]
    private static partial Regex Stream();

    [GeneratedRegex("^(/v[0-9.]+)?/containers/.+/attach/ws$", RegexOptions.CultureInvariant)]
    private static partial Regex WebSocket();

    [GeneratedRegex("^(/v[0-9.]+)?/(session|grpc)$", RegexOptions.CultureInvariant)]
    private static partial Regex Session();

    private static string NameOf(string line) => line.Split(':')[0];

    private static string ValueOf(string line) => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim(' ', '\t');

    private static IEnumerable<string> MembersOf(string line) => ValueOf(line).Split(',').Select(static member => member.Trim(' ', '\t')).Where(static member => member.Length > 0);

    private static bool Is(string line, string name) => Same(NameOf(line), name);

    private static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
