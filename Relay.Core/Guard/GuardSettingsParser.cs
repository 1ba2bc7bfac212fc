using System.Globalization;
using SocketRelay.Policy;

namespace SocketRelay.Guard;

/// <summary>Environment strings to <see cref="GuardSettings"/>. Nothing is guessed: what is not understood is an error, so that a misspelt
/// value neither opens nor closes anything by accident.</summary>
internal static class GuardSettingsParser
{
    private const int SmallestBodyLimit = 1024;
    private const int LargestBodyLimit = 256 * 1024 * 1024;

    private static readonly string[] Switches =
    [
        "GUARD", "PROTECT_SELF", "ALLOW_PRIVILEGED", "ALLOW_HOST_NAMESPACES", "ALLOW_CONTAINER_NAMESPACES", "ALLOW_DEVICES", "ALLOW_SECURITY_OPT",
        "ALLOW_VOLUMES_FROM", "ALLOW_ANNOTATIONS", "ALLOW_PRIORITY", "ALLOW_SWARM_MEMBERSHIP", "ALLOW_SWARM_TOKENS", "ALLOW_REMOTE_SOURCES",
        "ALLOW_REGISTRY_CREDENTIALS", "ALLOW_UNKNOWN_WRITES",
    ];

    private static readonly string[] Others =
    [
        "BIND_MOUNTS", "ALLOW_BIND_MOUNTS", "ALLOW_VOLUME_TYPES", "ALLOW_VOLUMES", "ALLOW_CAPABILITIES", "ALLOW_RUNTIMES", "ALLOW_VOLUME_DRIVERS",
        "ALLOW_NETWORK_DRIVERS", "ALLOW_LOG_DRIVERS", "ALLOW_SUBNETS", "ALLOW_ENTER", "GUARD_BODY_LIMIT", "GUARD_MEMORY",
    ];

    /// <summary>Every variable that the guard reads (SOCKET_PATH, which it shares, is not among them).</summary>
    public static IReadOnlyList<string> Variables { get; } = [.. Switches, .. Others];

    /// <summary>Reads all variables.</summary>
    /// <param name="env">The value of a variable, or null; empty counts as not set.</param>
    /// <returns>The settings, or null with every error, one line each, each naming its variable.</returns>
    public static (GuardSettings? Settings, IReadOnlyList<string> Errors) Parse(Func<string, string?> env)
    {
        var errors = new List<string>();
        bool Switch(string name, bool unset = false) => ReadSwitch(env(name), name, unset, errors);
        NameList Names(string name, Func<string, string?> read, string what) => ReadNames(env(name), name, read, what, errors);
        var unread = new GuardSettings();
        bool entersAll = env("ALLOW_ENTER")?.Trim() == "*";
        var settings = new GuardSettings
        {
            Enabled = Switch("GUARD", unset: true),
            ProtectSelf = Switch("PROTECT_SELF", unset: true),
            AllowPrivileged = Switch("ALLOW_PRIVILEGED"),
            AllowHostNamespaces = Switch("ALLOW_HOST_NAMESPACES"),
            AllowContainerNamespaces = Switch("ALLOW_CONTAINER_NAMESPACES"),
            AllowDevices = Switch("ALLOW_DEVICES"),
            AllowSecurityOpt = Switch("ALLOW_SECURITY_OPT"),
            AllowVolumesFrom = Switch("ALLOW_VOLUMES_FROM"),
            AllowAnnotations = Switch("ALLOW_ANNOTATIONS"),
            AllowPriority = Switch("ALLOW_PRIORITY"),
            AllowSwarmMembership = Switch("ALLOW_SWARM_MEMBERSHIP"),
            AllowSwarmTokens = Switch("ALLOW_SWARM_TOKENS"),
            AllowRemoteSources = Switch("ALLOW_REMOTE_SOURCES"),
            AllowRegistryCredentials = Switch("ALLOW_REGISTRY_CREDENTIALS"),
            AllowUnknownWrites = Switch("ALLOW_UNKNOWN_WRITES"),
            BindMounts = ReadBindMounts(env("BIND_MOUNTS"), errors),
            AllowBindMounts = new AllowedPaths(ReadPaths(env("ALLOW_BIND_MOUNTS"), errors)),
            AllowVolumeTypes = Names(
                "ALLOW_VOLUME_TYPES", name => LocalVolumeOptions.NetworkTypes.Contains(name) ? name : null,
                $"a network file system ({string.Join(", ", LocalVolumeOptions.NetworkTypes)})"),
            AllowVolumes = Names("ALLOW_VOLUMES", Plain, "a volume's name"),
            AllowCapabilities = Names("ALLOW_CAPABILITIES", CapabilityNames.Known, "a capability"),
            AllowRuntimes = Names("ALLOW_RUNTIMES", Word, "a runtime's name"),
            AllowVolumeDrivers = Names("ALLOW_VOLUME_DRIVERS", Word, "a driver's name"),
            AllowNetworkDrivers = Names("ALLOW_NETWORK_DRIVERS", Word, "a driver's name"),
            AllowLogDrivers = Names("ALLOW_LOG_DRIVERS", Word, "a driver's name"),
            AllowSubnets = ReadSubnets(env("ALLOW_SUBNETS"), errors),
            AllowEnterAll = entersAll,
            AllowEnter = entersAll ? NameList.Nothing : Names("ALLOW_ENTER", name => Plain(name.TrimStart('/')), "a container's exact name or full id, or * alone"),
            BodyLimit = (int)ReadSize(env("GUARD_BODY_LIMIT"), "GUARD_BODY_LIMIT", unread.BodyLimit, SmallestBodyLimit, LargestBodyLimit, errors),
            Memory = ReadSize(env("GUARD_MEMORY"), "GUARD_MEMORY", unread.Memory, SmallestBodyLimit, long.MaxValue, errors),
            SocketPath = env("SOCKET_PATH") is { Length: > 0 } socket ? socket : unread.SocketPath,
        };
        if (errors.Count == 0 && settings.Memory < settings.BodyLimit)
            errors.Add(MemoryError(env, unread));
        return errors.Count == 0 ? (settings, errors) : (null, errors);
    }

    private static string MemoryError(Func<string, string?> env, GuardSettings unset)
    {
        string Written(string name, long bytes, string isDefault) =>
            env(name)?.Trim() is { Length: > 0 } text ? $"\"{SettingText.Shown(text)}\"" : $"{bytes >> 20}m{isDefault}";
        return $"GUARD_MEMORY: {Written("GUARD_MEMORY", unset.Memory, ", the default,")} is less than GUARD_BODY_LIMIT, which is "
            + $"{Written("GUARD_BODY_LIMIT", unset.BodyLimit, " by default")}; raise the one or lower the other";
    }

    private static bool ReadSwitch(string? text, string name, bool unset, List<string> errors)
    {
        switch (text?.Trim())
        {
            case null or "":
                return unset;
            case "1":
                return true;
            case "0":
                return false;
            default:
                errors.Add(SettingText.NotUnderstood(name, text.Trim(), "1 or 0"));
                return unset;
        }
    }

    private static BindMountsMode ReadBindMounts(string? text, List<string> errors)
    {
        switch (text?.Trim().ToLowerInvariant())
        {
            case null or "" or "auto":
                return BindMountsMode.Auto;
            case "filter":
                return BindMountsMode.Filter;
            case "deny":
                return BindMountsMode.Deny;
            default:
                errors.Add(SettingText.NotUnderstood("BIND_MOUNTS", text.Trim(), "auto, filter or deny"));
                return BindMountsMode.Deny;
        }
    }

    private static List<AllowedPath> ReadPaths(string? text, List<string> errors)
    {
        var paths = new List<AllowedPath>();
        foreach (string entry in Entries(text))
        {
            string[] parts = entry.Split(':');
            bool allBelow = parts[0].EndsWith("/*", StringComparison.Ordinal);
            string written = allBelow ? parts[0][..^1] : parts[0];
            string? path = HostPaths.Clean(written);
            string? error = path is null ? "it is no absolute path; use one, as in /srv/app"
                : written.Contains('*', StringComparison.Ordinal) ? "a * may only stand as /* at the end"
                : HostPaths.IsBelowProc(path) || (allBelow && path == "/proc") ? "no path below /proc can be opened: it means another file to each process"
                : parts.Skip(1).Any(flag => flag is not ("ro" or "shared")) ? "behind the path only :ro and :shared are known"
                : null;
            if (error is null)
                paths.Add(new AllowedPath(path!, allBelow, parts.Skip(1).Contains("ro"), parts.Skip(1).Contains("shared")));
            else
                errors.Add($"ALLOW_BIND_MOUNTS: \"{SettingText.Shown(entry)}\" is not understood; {error}");
        }

        return paths;
    }

    private static NameList ReadNames(string? text, string name, Func<string, string?> read, string what, List<string> errors)
    {
        var names = new List<string>();
        foreach (string entry in Entries(text))
        {
            if (read(entry) is { } understood)
                names.Add(understood);
            else
                errors.Add(SettingText.NotUnderstood(name, entry, what));
        }

        return names.Count == 0 ? NameList.Nothing : NameList.Of(names);
    }

    private static List<Subnet> ReadSubnets(string? text, List<string> errors)
    {
        var subnets = new List<Subnet>();
        foreach (string entry in Entries(text))
        {
            if (Subnet.TryParse(entry) is { } subnet)
                subnets.Add(subnet);
            else
                errors.Add(SettingText.NotUnderstood("ALLOW_SUBNETS", entry, "an address range like 203.0.113.0/24"));
        }

        return subnets;
    }

    private static long ReadSize(string? text, string name, long unset, long smallest, long largest, List<string> errors)
    {
        string written = text?.Trim().ToLowerInvariant() ?? "";
        if (written.Length == 0)
            return unset;
        string digits = written.TrimEnd('i', 'b');
        int shift = digits.LastOrDefault() switch { 'k' => 10, 'm' => 20, 'g' => 30, _ => 0 };
        if (shift > 0)
            digits = digits[..^1];
        if (long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            && number <= largest >> shift && number << shift >= smallest)
            return number << shift;
        string bounds = largest == long.MaxValue ? $"from {smallest}" : $"from {smallest} to {largest}";
        errors.Add(SettingText.NotUnderstood(name, text!.Trim(), $"bytes, or a number with k, m or g, {bounds}"));
        return unset;
    }

    private static string[] Entries(string? text) =>
        string.IsNullOrWhiteSpace(text) ? [] : text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string? Plain(string name) => PlainNames.IsObjectName(name) ? name : null;

    private static string? Word(string name) => name.AsSpan().ContainsAny(" \t\r\n\0*") ? null : name;
}
