namespace SocketRelay.Policy;

/// <summary>
/// The dialect <c>tecnativa</c>: the variables of tecnativa/docker-socket-proxy 0.4.1, their defaults, and its HAProxy rules as data, in
/// its order. What HAProxy matches by the beginning of a path is matched by whole segments here: stricter, never wider.
/// </summary>
internal static class TecnativaSwitches
{
    /// <summary>The name that DIALECT takes.</summary>
    public const string Dialect = "tecnativa";

    private static readonly string[] Sections =
    [
        "auth", "build", "commit", "configs", "containers", "distribution", "events", "exec", "grpc", "images", "info", "networks", "nodes",
        "_ping", "plugins", "secrets", "services", "session", "swarm", "system", "tasks", "version", "volumes",
    ];

    /// <summary>The rules and the switches.</summary>
    public static RuleSet Rules { get; } = new(Dialect, BuildRules(), BuildDefaults());

    /// <summary>Variables of the reference that are no switches; settings read elsewhere.</summary>
    public static IReadOnlyList<string> OtherVariables { get; } = ["SOCKET_PATH", "DISABLE_IPV6", "LOG_LEVEL", "BIND_CONFIG"];

    /// <summary>
    /// Reads the switches of the environment.
    /// </summary>
    /// <param name="read">The value of a variable, or null where it is not set.</param>
    public static PolicySettings Read(Func<string, string?> read) =>
        new(Rules.Defaults.ToDictionary(pair => pair.Key, pair => read(pair.Key) is { } value ? IsOn(value) : pair.Value));

    /// <summary>What is wrong with the value of DIALECT, or null where it names this dialect (or nothing at all).</summary>
    public static string? DialectError(string? value) =>
        value is null or "" or Dialect ? null : SettingText.NotUnderstood("DIALECT", value, $"{Dialect}, or leave it out");

    /// <summary>
    /// Whether a switch with this value is on, as HAProxy's <c>env(X) -m bool</c> reads it: an optional sign and the digits that follow are
    /// a number, and any number but zero is on. Nothing after the digits counts, and nothing before the sign may stand.
    /// </summary>
    /// <param name="value">The value; null is off.</param>
    public static bool IsOn(string? value)
    {
        ReadOnlySpan<char> text = value;
        if (text.Length > 0 && text[0] is '+' or '-')
            text = text[1..];
        foreach (char c in text)
        {
            if (!char.IsAsciiDigit(c))
                break;
            if (c != '0')
                return true;
        }

        return false;
    }

    private static List<Rule> BuildRules()
    {
        List<Rule> rules =
        [
            new(false, MethodSet.Writes, "/**", "POST"),
            new(true, MethodSet.Any, "/containers/{id}/stop|restart|kill", "ALLOW_RESTARTS"),
            new(true, MethodSet.Any, "/containers/{id}/start", "ALLOW_START"),
            new(true, MethodSet.Any, "/containers/{id}/stop", "ALLOW_STOP"),
        ];
        foreach (string section in Sections)
            rules.Add(new(true, MethodSet.Any, $"/{section}/**", SwitchOf(section)));
        rules.Add(new(false, MethodSet.Any, "/**", null));
        return rules;
    }

    private static Dictionary<string, bool> BuildDefaults()
    {
        var defaults = Sections.ToDictionary(SwitchOf, section => section is "events" or "_ping" or "version");
        foreach (string name in (string[])["POST", "ALLOW_RESTARTS", "ALLOW_START", "ALLOW_STOP"])
            defaults[name] = false;
        return defaults;
    }

    private static string SwitchOf(string section) => section.TrimStart('_').ToUpperInvariant();
}
