using System.Text.Json;

namespace SocketRelay.Guard;

/// <summary>Options of the engine's local volume driver, which are the arguments of a mount(2) that the engine makes on the host:
/// <c>type</c>, <c>device</c>, <c>o</c>. Once <c>o</c> holds bind, rbind, move or remount, the word in <c>type</c> means nothing.</summary>
internal static class LocalVolumeOptions
{
    /// <summary>Characters of one option: mount(2) takes a page.</summary>
    private const int LongestOption = 4096;

    /// <summary>Bytes of an option's name as it is written: those that count are short, and nobody's is longer.</summary>
    private const int LongestName = 1024;

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
    /// <returns>What is asked for beyond the settings, to be said behind the place of the options; or null.</returns>
    public static GuardFinding? Judge(JsonView json, int options, GuardSettings settings)
    {
        if (json.IsNothing(options))
            return null;
        if (!TryRead(json, options, out string type, out string words, out string device))
            return new GuardFinding(GuardPower.UnknownKind, "is never allowed (no plain map of options)");
        if (type.Length == 0 && device.Length == 0 && words.Length == 0)
            return null;
        if (HasAny(words, BindWords))
            return JudgeBind(words, device, settings);
        // The driver takes a word that it does not know, and "BIND" is one, for data of the file system: there bind would mean something else.
        if (MayHaveAny(words, BindWords) || MayHaveAny(words, NeverWords) || MayHaveAny(words, SharedWords))
            return Never;
        if (type == "tmpfs" && device is "" or "tmpfs" or "none")
            return null;
        if (!NetworkTypes.Contains(type) || !IsRemote(type, device))
            return Never;
        return settings.AllowVolumeTypes.Contains(type) ? null : new GuardFinding(GuardPower.VolumeTypes, $"needs ALLOW_VOLUME_TYPES={type}");
    }

    /// <summary>Judges the options of a volume that is mounted in a container which is to be entered: what lies outside the system's own
    /// files may be entered, and so may network volumes.</summary>
    /// <returns>What the container holds, or null.</returns>
    public static string? GroundOf(JsonView json, int options, GuardSettings settings)
    {
        if (json.IsNothing(options))
            return null;
        if (!TryRead(json, options, out string type, out string words, out string device))
            return "a volume with options that are not understood";
        if (type.Length == 0 && device.Length == 0 && words.Length == 0)
            return null;
        if (MayHaveAny(words, NeverWords))
            return "a volume that moves or changes a mount";
        if (HasAny(words, BindWords))
            return !HostPaths.GoesUp(device) && HostPaths.Clean(device) is { } path
                ? TargetPaths.GroundOf(path, IsReadOnly(words), HasAny(words, SharedWords), settings)
                : "a volume made of " + device;
        return (type == "tmpfs" && device is "" or "tmpfs" or "none") || (NetworkTypes.Contains(type) && IsRemote(type, device))
            ? null
            : "a volume made of " + (device.Length > 0 ? device : type);
    }

    private static GuardFinding? JudgeBind(string words, string device, GuardSettings settings)
    {
        // The driver hands the device to mount(2) as it is, where the engine cleans the sources of binds first.
        if (HostPaths.GoesUp(device))
            return new GuardFinding(GuardPower.HostPaths, "is never allowed (a device with .. is wherever a link before it leads; write the path without)");
        // A relative device would be taken from the engine's own working folder.
        if (HostPaths.Clean(device) is not { } path || !HasOnly(words, BesideBind))
            return Never;
        bool readOnly = IsReadOnly(words);
        bool shared = HasAny(words, SharedWords);
        bool holdsSocket = HostPaths.HoldsEngineSocket(path, settings.SocketPath);
        if (settings.AllowBindMounts.Open(path, readOnly, shared, holdsSocket))
            return null;
        return new GuardFinding(
            holdsSocket ? GuardPower.EngineSocket : GuardPower.HostPaths, $"{path} {GuardText.PathOpener(path, readOnly, shared)}");
    }

    private static GuardFinding Never => new(GuardPower.HostPaths, "is never allowed (the engine would mount a device or file system of the host)");

    /// <summary>Whether a device names another machine: <c>host:/path</c>, <c>:/path</c> with addr= among the words, <c>//host/share</c> for cifs.</summary>
    private static bool IsRemote(string type, string device) =>
        type is "cifs" or "smb3" ? device.StartsWith("//", StringComparison.Ordinal) : !device.StartsWith('/') && device.Contains(':', StringComparison.Ordinal);

    /// <summary>Whether the mount is surely read-only: the driver knows the word in this spelling alone, <c>rw</c> undoes it, and the mounts
    /// that rbind brings along stay as they are.</summary>
    private static bool IsReadOnly(string words) => HasAny(words, ["ro"]) && !HasAny(words, ["rw", "rbind"]);

    private static bool HasAny(string words, string[] of)
    {
        foreach (Range word in words.AsSpan().Split(','))
            if (IsOneOf(words.AsSpan(word), of))
                return true;
        return false;
    }

    private static bool HasOnly(string words, string[] of)
    {
        foreach (Range word in words.AsSpan().Split(','))
            if (!IsOneOf(words.AsSpan(word), of))
                return false;
        return true;
    }

    private static bool MayHaveAny(string words, string[] of)
    {
        foreach (Range word in words.AsSpan().Split(','))
            foreach (string known in of)
                if (WordFolding.MayBe(words.AsSpan(word), known))
                    return true;
        return false;
    }

    private static bool IsOneOf(ReadOnlySpan<char> word, string[] of)
    {
        foreach (string known in of)
            if (word.SequenceEqual(known))
                return true;
        return false;
    }

    private static bool TryRead(JsonView json, int options, out string type, out string words, out string device)
    {
        type = device = words = "";
        if (json.KindOf(options) != JsonTokenType.StartObject)
            return false;
        Span<char> room = stackalloc char[LongestName];
        for (int child = json.FirstIn(options); child >= 0; child = json.After(child))
        {
            if (json.RawName(child).Length > LongestName)
                return false;
            ReadOnlySpan<char> key = json.NameOf(child, room);
            // Keys of this map are case-sensitive today; an engine that folds them would find what the guard skipped.
            if (!WordFolding.MayBe(key, "type") && !WordFolding.MayBe(key, "o") && !WordFolding.MayBe(key, "device"))
                continue;
            if (key is not ("type" or "o" or "device") || !TryReadValue(json, child, out string value))
                return false;
            if (key is "type")
                type = value;
            else if (key is "device")
                device = value;
            else
                words = value;
        }

        return true;
    }

    private static bool TryReadValue(JsonView json, int node, out string value)
    {
        value = "";
        if (json.KindOf(node) == JsonTokenType.Null)
            return true;
        // An escape is up to six bytes for one character.
        if (json.KindOf(node) != JsonTokenType.String || json[node].Length > LongestOption * 6)
            return false;
        value = json.StringOf(node)!;
        return value.Length <= LongestOption;
    }
}
