using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace SocketRelay.Tests.Policy;

/// <summary>
/// The reference's rules once more, written the way HAProxy reads them: patterns at the beginning of the path, case left out of account,
/// the path decoded once. It is what the compiled table is held against where HAProxy itself is not at hand; TecnativaTests holds both
/// against HAProxy.
/// </summary>
internal static class ReferenceModel
{
    /// <summary>Every switch of the reference with its default.</summary>
    public static readonly IReadOnlyDictionary<string, bool> Defaults = new SortedDictionary<string, bool>(StringComparer.Ordinal)
    {
        ["ALLOW_RESTARTS"] = false, ["ALLOW_START"] = false, ["ALLOW_STOP"] = false, ["AUTH"] = false, ["BUILD"] = false,
        ["COMMIT"] = false, ["CONFIGS"] = false, ["CONTAINERS"] = false, ["DISTRIBUTION"] = false, ["EVENTS"] = true, ["EXEC"] = false,
        ["GRPC"] = false, ["IMAGES"] = false, ["INFO"] = false, ["NETWORKS"] = false, ["NODES"] = false, ["PING"] = true,
        ["PLUGINS"] = false, ["POST"] = false, ["SECRETS"] = false, ["SERVICES"] = false, ["SESSION"] = false, ["SWARM"] = false,
        ["SYSTEM"] = false, ["TASKS"] = false, ["VERSION"] = true, ["VOLUMES"] = false,
    };

    /// <summary>The allowing lines, in order: a pattern without its version part, and the switch.</summary>
    public static readonly IReadOnlyList<(string Pattern, string Switch)> Lines =
    [
        ("/containers/[a-zA-Z0-9_.-]+/((stop)|(restart)|(kill))", "ALLOW_RESTARTS"),
        ("/containers/[a-zA-Z0-9_.-]+/start", "ALLOW_START"),
        ("/containers/[a-zA-Z0-9_.-]+/stop", "ALLOW_STOP"),
        ("/auth", "AUTH"), ("/build", "BUILD"), ("/commit", "COMMIT"), ("/configs", "CONFIGS"), ("/containers", "CONTAINERS"),
        ("/distribution", "DISTRIBUTION"), ("/events", "EVENTS"), ("/exec", "EXEC"), ("/grpc", "GRPC"), ("/images", "IMAGES"),
        ("/info", "INFO"), ("/networks", "NETWORKS"), ("/nodes", "NODES"), ("/_ping", "PING"), ("/plugins", "PLUGINS"),
        ("/secrets", "SECRETS"), ("/services", "SERVICES"), ("/session", "SESSION"), ("/swarm", "SWARM"), ("/system", "SYSTEM"),
        ("/tasks", "TASKS"), ("/version", "VERSION"), ("/volumes", "VOLUMES"),
    ];

    /// <summary>The settings with every switch on.</summary>
    public static readonly IReadOnlyDictionary<string, bool> All = Defaults.ToDictionary(pair => pair.Key, _ => true);

    private const RegexOptions IgnoringCase = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    private static readonly (Regex Pattern, string Switch)[] Compiled =
    [
        .. Lines.Select(line => (new Regex("^(/v[0-9.]+)?" + line.Pattern, IgnoringCase), line.Switch)),
    ];

    /// <summary>The settings with these switches on and all others off.</summary>
    public static IReadOnlyDictionary<string, bool> Only(params string[] on) =>
        Defaults.ToDictionary(pair => pair.Key, pair => on.Contains(pair.Key));

    /// <summary>What the reference says.</summary>
    /// <param name="settings">Every switch.</param>
    /// <param name="method">The method token.</param>
    /// <param name="rawPath">The path as sent, one character a byte.</param>
    public static bool Allows(IReadOnlyDictionary<string, bool> settings, string method, string rawPath)
    {
        if (method is not ("GET" or "HEAD") && !settings["POST"])
            return false;
        return DecodeOnce(rawPath) is { } path && Compiled.Any(line => settings[line.Switch] && line.Pattern.IsMatch(path));
    }

    // HAProxy's url_dec: a bad escape makes the whole expression fail.
    private static string? DecodeOnce(string raw)
    {
        var text = new StringBuilder();
        for (int i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '%')
            {
                text.Append(raw[i]);
                continue;
            }

            const NumberStyles hex = NumberStyles.AllowHexSpecifier;
            if (i + 2 >= raw.Length || !byte.TryParse(raw.AsSpan(i + 1, 2), hex, CultureInfo.InvariantCulture, out byte value))
                return null;
            text.Append((char)value);
            i += 2;
        }

        return text.ToString();
    }
}
