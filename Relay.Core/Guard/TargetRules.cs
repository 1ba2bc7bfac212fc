using System.Text.Json;

namespace SocketRelay.Guard;

/// <summary>What the engine says a container or volume is, turned into whether it may be entered or used. What may not be created may not be
/// entered: each ground falls away where the settings would let one create it. No questions are asked here.</summary>
internal static class TargetRules
{
    private const string OfContainer = "container:";

    /// <summary>Volumes of one container, each a question.</summary>
    private const int MaxVolumes = 64;

    /// <summary>Mounts that are grounds, of one container, which are written out.</summary>
    private const int MaxMountGrounds = 12;

    /// <summary>Judges the body of GET /containers/{id}/json.</summary>
    /// <param name="json">The answer.</param>
    /// <param name="settings">The settings in force.</param>
    /// <param name="scratch">Room for the text of one value.</param>
    /// <returns>The verdict, or null if the answer is not understood.</returns>
    public static ContainerVerdict? Container(JsonView json, GuardSettings settings, char[] scratch)
    {
        string? id = json.StringOf(json.Find(0, "Id"u8));
        int host = json.Find(0, "HostConfig"u8);
        int mounts = json.Find(0, "Mounts"u8);
        if (id is null || !PlainNames.IsFullId(id) || json.KindOf(host) != JsonTokenType.StartObject
            || (!json.IsNothing(mounts) && json.KindOf(mounts) != JsonTokenType.StartArray))
            return null;
        var mountGrounds = new List<string>();
        var volumes = new List<MountedVolume>();
        if (!json.IsNothing(mounts))
            for (int mount = json.FirstIn(mounts); mount >= 0; mount = json.After(mount))
                Mount(json, mount, settings, mountGrounds, volumes);
        // What is kept of a container is short, however much it has mounted.
        if (volumes.Count > MaxVolumes)
        {
            volumes.Clear();
            mountGrounds.Insert(0, $"more than {MaxVolumes} volumes");
        }

        if (mountGrounds.Count > MaxMountGrounds)
            mountGrounds.RemoveRange(MaxMountGrounds, mountGrounds.Count - MaxMountGrounds);
        string network = Text(json, host, "NetworkMode"u8), pids = Text(json, host, "PidMode"u8), ipc = Text(json, host, "IpcMode"u8);
        return new ContainerVerdict(
            id, [.. GroundsOfHostConfig(json, host, settings, scratch), .. mountGrounds], mountGrounds, HostConfigChecks.IsHostNetworkName(network), pids == "host", ipc == "host",
            Shared(network), Shared(pids), Shared(ipc), volumes,
            HealthChecks.HasNoCommand(json, json.Find(json.Find(json.Find(0, "Config"u8), "Healthcheck"u8), "Test"u8), scratch));
    }

    /// <summary>The current name of an inspected container without its slash, or null.</summary>
    public static string? NameOf(JsonView json) => json.StringOf(json.Find(0, "Name"u8))?.TrimStart('/');

    /// <summary>Judges the body of GET /volumes/{name} for a volume that a request wants to use by name.</summary>
    /// <returns>Whether the answer was understood, and what is asked for beyond the settings.</returns>
    public static (bool IsUnderstood, GuardFinding? Finding) VolumeToUse(JsonView json, string name, GuardSettings settings, string field)
    {
        if (!TryReadVolume(json, out string driver, out int options))
            return (false, null);
        string what = $"{field} {name}";
        if (driver != "local")
            return (true, settings.AllowVolumeDrivers.Contains(driver)
                ? null
                : new GuardFinding(GuardPower.NamedVolumes, $"{what} (a volume of the driver {driver}) needs ALLOW_VOLUMES={name}"));
        return (true, LocalVolumeOptions.Judge(json, options, settings) is not null
            ? new GuardFinding(GuardPower.NamedVolumes, $"{what} (a volume made of {MadeOf(json, options)}) needs ALLOW_VOLUMES={name}")
            : null);
    }

    /// <summary>Judges the body of GET /volumes/{name} for a volume in a container that is to be entered.</summary>
    /// <returns>Whether the answer was understood, and what the container holds by it.</returns>
    public static (bool IsUnderstood, string? Ground) VolumeToEnter(JsonView json, MountedVolume volume, GuardSettings settings)
    {
        if (settings.AllowVolumes.Contains(volume.Name))
            return (true, null);
        if (!TryReadVolume(json, out string driver, out int options))
            return (false, null);
        if (driver == "local")
            return (true, LocalVolumeOptions.GroundOf(json, options, settings) is { } ground ? $"{ground} (volume {volume.Name})" : null);
        bool isElsewhere = settings.DataRoot is not null && HostPaths.Clean(volume.Source) is { } source && !SystemPaths.Touches(source, settings.DataRoot);
        return (true, isElsewhere || settings.AllowVolumeDrivers.Contains(driver)
            ? null
            : $"a volume of the driver {driver} (volume {volume.Name}){GuardText.Unless("it lies beside the data root", settings)}");
    }

    /// <summary>The rows of 4a that make a container one that may not be entered, without its mounts. The tests of create read them.</summary>
    private static List<string> GroundsOfHostConfig(JsonView json, int host, GuardSettings settings, char[] scratch)
    {
        var inspection = new Inspection { Json = json, Settings = settings, Scratch = scratch };
        for (int child = json.FirstIn(host); child >= 0; child = json.After(child))
        {
            ReadOnlySpan<byte> name = json.RawName(child);
            FieldRule? rule = EnteredHostConfig.Find(name, FieldNameFolding.Hash(name, folds: true));
            rule?.Test?.Invoke(ref inspection, rule, child);
        }

        var grounds = new List<string>();
        foreach (GuardFinding finding in inspection.Findings ?? [])
            grounds.Add(finding.Text);
        return grounds;
    }

    /// <summary>The fields of an inspection's HostConfig that count. Namespaces of other containers are followed by the inquiry, and mounts
    /// stand in its Mounts. Log drivers and shares of memory and processor are missing: who enters gets nothing of the host by them.</summary>
    private static readonly ObjectShape EnteredHostConfig = new(
        FieldRule.Of("Privileged", GuardPower.Privileged, FieldTests.True),
        FieldRule.Of("NetworkMode", GuardPower.HostNamespaces, HostNetwork),
        FieldRule.Of("PidMode", GuardPower.HostNamespaces, HostOrContainer),
        FieldRule.Of("IpcMode", GuardPower.HostNamespaces, HostOrContainer),
        FieldRule.Of("UTSMode", GuardPower.HostNamespaces, HostOrContainer),
        FieldRule.Of("UsernsMode", GuardPower.HostNamespaces, HostOrContainer),
        FieldRule.Of("CgroupnsMode", GuardPower.HostNamespaces, HostConfigChecks.CgroupnsMode),
        FieldRule.Of("Devices", GuardPower.Devices, FieldTests.AnyElement),
        FieldRule.Of("DeviceRequests", GuardPower.Devices, FieldTests.AnyElement),
        FieldRule.Of("DeviceCgroupRules", GuardPower.Devices, FieldTests.AnyElement),
        FieldRule.Of("Cgroup", GuardPower.HostNamespaces, FieldTests.AnyText),
        FieldRule.Of("CgroupParent", GuardPower.HostNamespaces, FieldTests.AnyText),
        FieldRule.Of("CapAdd", GuardPower.Capabilities, HostConfigChecks.Capabilities),
        FieldRule.Of("Capabilities", GuardPower.Capabilities, HostConfigChecks.Capabilities),
        FieldRule.Of("SecurityOpt", GuardPower.Confinement, HostConfigChecks.SecurityOpt),
        FieldRule.Of("MaskedPaths", GuardPower.Confinement, HostConfigChecks.MaskedPaths),
        FieldRule.Of("ReadonlyPaths", GuardPower.Confinement, HostConfigChecks.ReadonlyPaths),
        FieldRule.Of("Runtime", GuardPower.Runtimes, DriverChecks.Runtime),
        FieldRule.Map("Annotations", GuardPower.Annotations, FieldTests.AnyKey));

    private static void HostNetwork(ref Inspection inspection, FieldRule rule, int value)
    {
        if (FieldTests.IsText(ref inspection, value) && HostConfigChecks.IsHostNetworkName(inspection.TextOf(value)))
            inspection.Refuse(rule.Power, value);
    }

    private static void HostOrContainer(ref Inspection inspection, FieldRule rule, int value)
    {
        if (!FieldTests.IsText(ref inspection, value))
            return;
        ReadOnlySpan<char> mode = inspection.TextOf(value);
        if (mode is "host")
            inspection.Refuse(rule.Power, value);
        else if (mode.StartsWith(OfContainer))
            inspection.Refuse(GuardPower.ContainerNamespaces, value);
    }

    /// <summary>One element of the inspection's Mounts: what is mounted, wherever the create took it from (VolumesFrom too).</summary>
    private static void Mount(JsonView json, int mount, GuardSettings settings, List<string> grounds, List<MountedVolume> volumes)
    {
        string type = Text(json, mount, "Type"u8), source = Text(json, mount, "Source"u8), name = Text(json, mount, "Name"u8);
        if (type is "tmpfs" or "image")
            return;
        if (type == "volume" && name.Length > 0)
        {
            var volume = new MountedVolume(name, source);
            if (volumes.Count <= MaxVolumes && !volumes.Contains(volume))
                volumes.Add(volume);
            return;
        }

        if (grounds.Count > MaxMountGrounds)
            return;
        if (type != "bind" || HostPaths.Clean(source) is not { } path)
        {
            grounds.Add($"a mount that the relay does not know (type {JsonView.Shorten(type)})");
            return;
        }

        bool readOnly = json.KindOf(json.Find(mount, "RW"u8)) == JsonTokenType.False;
        bool shared = MountPropagation.IsShared(Text(json, mount, "Propagation"u8));
        if (TargetPaths.GroundOf(path, readOnly, shared, settings, Text(json, mount, "Destination"u8)) is { } ground)
            grounds.Add($"{ground}, which only ALLOW_BIND_MOUNTS opens");
    }

    private static bool TryReadVolume(JsonView json, out string driver, out int options)
    {
        driver = Text(json, 0, "Driver"u8);
        options = json.Find(0, "Options"u8);
        return driver.Length > 0;
    }

    private static string MadeOf(JsonView json, int options)
    {
        string device = Text(json, options, "device"u8);
        return JsonView.Shorten(device.Length > 0 ? device : Text(json, options, "type"u8));
    }

    // Whose namespace it is; empty where that is no name that can be asked about.
    private static string? Shared(string mode)
    {
        if (!mode.StartsWith(OfContainer, StringComparison.Ordinal))
            return null;
        string name = mode[OfContainer.Length..].TrimStart('/');
        return PlainNames.IsObjectName(name) ? name : "";
    }

    private static string Text(JsonView json, int node, ReadOnlySpan<byte> name) => json.StringOf(json.Find(node, name)) ?? "";
}
