using System.Text.Json;

namespace SocketRelay.Guard;

/// <summary>Options of the engine's local volume driver, which are the arguments of a mount(2) that the engine makes on the host:
/// <c>type</c>, <c>device</c>, <c>o</c>. Once <c>o</c> holds bind, rbind, move or remount, the word in <c>type</c> means nothing.</summary>
internal static class LocalVolumeOptions
{
    private static readonly string[] BindWords = ["bind", "rbind"];
    private static readonly string[] NeverWords = ["move", "remount"];
    private static readonly string[] SharedWords = ["shared", "rshared"];

    /// <summary>Words that may stand beside bind: they only take from the mount, or say how mounts below it are passed on.</summary>
    private static readonly string[] BesideBind =
    [
        "", "bind", "rbind", "ro", "rw", "nosuid", "nodev", "noexec", "suid", "dev", "exec", "noatime", "nodiratime", "relatime", "defaults",
        "private", "rprivate", "slave", "rslave", "shared", "rshared",
    ];

    /// <summary>File systems whose device is no path of the host. Only these may be listed in ALLOW_VOLUME_TYPES.</summary>
    public static IReadOnlyList<string> NetworkTypes { get; } = ["nfs", "nfs4", "cifs", "smb3", "ceph"];

    /// <summary>Judges options that a request brings, or that a volume to be used by name was made with.</summary>
    /// <param name="json">The text that holds the map.</param>
    /// <param name="options">The map of options, or -1.</param>
    /// <param name="settings">The settings in force.</param>
    /// <param name="field">What to call the options in a refusal.</param>
    /// <returns>What is asked for beyond the settings, or null.</returns>
    public static GuardFinding? Judge(JsonView json, int options, GuardSettings settings, string field)
    {
        if (json.IsNothing(options))
            return null;
        if (!TryRead(json, options, out string type, out string[] words, out string device))
            return new GuardFinding(GuardPower.UnknownKind, $"{field} is never allowed (no plain map of options)");
        if (type.Length == 0 && device.Length == 0 && words.Length == 0)
            return null;
        if (HasAny(words, BindWords))
            return JudgeBind(words, device, settings, field);
        if (HasAny(words, NeverWords) || HasAny(words, SharedWords))
            return Never(field);
        if (type == "tmpfs" && device is "" or "tmpfs" or "none")
            return null;
        if (!NetworkTypes.Contains(type) || !IsRemote(type, device))
            return Never(field);
        return settings.AllowVolumeTypes.Contains(type) ? null : new GuardFinding(GuardPower.VolumeTypes, $"{field} needs ALLOW_VOLUME_TYPES={type}");
    }

    /// <summary>Judges the options of a volume that is mounted in a container which is to be entered: what lies outside the system's own
    /// files may be entered, and so may network volumes.</summary>
    /// <returns>What the container holds, or null.</returns>
    public static string? GroundOf(JsonView json, int options, GuardSettings settings)
    {
        if (json.IsNothing(options))
            return null;
        if (!TryRead(json, options, out string type, out string[] words, out string device))
            return "a volume with options that are not understood";
        if (type.Length == 0 && device.Length == 0 && words.Length == 0)
            return null;
        if (HasAny(words, NeverWords))
            return "a volume that moves or changes a mount";
        if (HasAny(words, BindWords))
            return HostPaths.Clean(device) is { } path ? TargetPaths.GroundOf(path, words.Contains("ro"), HasAny(words, SharedWords), settings) : "a volume made of " + device;
        return (type == "tmpfs" && device is "" or "tmpfs" or "none") || (NetworkTypes.Contains(type) && IsRemote(type, device))
            ? null
            : "a volume made of " + (device.Length > 0 ? device : type);
    }

    private static GuardFinding? JudgeBind(string[] words, string device, GuardSettings settings, string field)
    {
        // A relative device would be taken from the engine's own working folder.
        if (HostPaths.Clean(device) is not { } path || HasAny(words, NeverWords) || words.Any(word => !BesideBind.Contains(word)))
            return Never(field);
        bool readOnly = words.Contains("ro");
        bool shared = HasAny(words, SharedWords);
        bool holdsSocket = HostPaths.HoldsEngineSocket(path, settings.SocketPath);
        if (settings.AllowBindMounts.Open(path, readOnly, shared, holdsSocket))
            return null;
        return new GuardFinding(
            holdsSocket ? GuardPower.EngineSocket : GuardPower.HostPaths, $"{field} {path} {GuardText.PathOpener(path, readOnly, shared)}");
    }

    private static GuardFinding Never(string field) =>
        new(GuardPower.HostPaths, $"{field} is never allowed (the engine would mount a device or file system of the host)");

    /// <summary>Whether a device names another machine: <c>host:/path</c>, <c>:/path</c> with addr= among the words, <c>//host/share</c> for cifs.</summary>
    private static bool IsRemote(string type, string device) =>
        type is "cifs" or "smb3" ? device.StartsWith("//", StringComparison.Ordinal) : !device.StartsWith('/') && device.Contains(':', StringComparison.Ordinal);

    private static bool HasAny(string[] words, string[] of) => words.Any(word => of.Contains(word));

    private static bool TryRead(JsonView json, int options, out string type, out string[] words, out string device)
    {
        type = device = "";
        words = [];
        if (json.KindOf(options) != JsonTokenType.StartObject)
            return false;
        for (int child = json.FirstIn(options); child >= 0; child = json.After(child))
        {
            string key = new(json.NameOf(child, default));
            string? value = json.KindOf(child) == JsonTokenType.Null ? "" : json.StringOf(child);
            string folded = key.Trim().ToLowerInvariant();
            if (folded is not ("type" or "o" or "device"))
                continue;
            // Keys of this map are case-sensitive today; an engine that folds them would find what the guard skipped.
            if (value is null || key != folded)
                return false;
            if (key == "type")
                type = value;
            else if (key == "device")
                device = value;
            else if (value.Length > 0)
                words = [.. value.Split(',').Select(word => word.Trim().ToLowerInvariant())];
        }

        return true;
    }
}
