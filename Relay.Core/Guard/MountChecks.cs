using System.Text.Json;

namespace SocketRelay.Guard;

/// <summary>Binds, Mounts and volumes by name.</summary>
internal static class MountChecks
{
    /// <summary>Host mounts that are taken out of one create: each is a line in the answer.</summary>
    private const int MaxTakenOut = 64;

    /// <summary>Bytes of an entry of Binds as it is written: two paths of PATH_MAX, some letters of them escaped, and a mode.</summary>
    private const int LongestBind = 32 * 1024;

    private static readonly FieldRule DriverName = FieldRule.Of("Name", GuardPower.VolumeDrivers, DriverChecks.VolumeDriver);

    /// <summary>HostConfig.Binds: <c>source:destination[:mode]</c>; an absolute source is a host path, another one a volume's name.</summary>
    public static void Binds(ref Inspection inspection, FieldRule rule, int value)
    {
        if (!FieldTests.IsList(ref inspection, value))
            return;
        List<int>? takenOut = null;
        for (int child = inspection.Json.FirstIn(value); child >= 0; child = inspection.Json.After(child))
        {
            // Go keeps what a list element held before where null comes: never read it as empty.
            if (inspection.Json.KindOf(child) != JsonTokenType.String)
                inspection.RefuseType(child);
            else if (Bind(ref inspection, child))
                (takenOut ??= []).Add(child);
        }

        TakeOut(ref inspection, value, takenOut);
    }

    /// <summary>HostConfig.Mounts.</summary>
    public static void Mounts(ref Inspection inspection, FieldRule rule, int value)
    {
        if (!FieldTests.IsList(ref inspection, value))
            return;
        List<int>? takenOut = null;
        for (int child = inspection.Json.FirstIn(value); child >= 0; child = inspection.Json.After(child))
        {
            // What is no struct is refused by the form of the list.
            if (inspection.Json.KindOf(child) == JsonTokenType.StartObject && Mount(ref inspection, child))
                (takenOut ??= []).Add(child);
        }

        TakeOut(ref inspection, value, takenOut);
    }

    /// <summary>A service's Mounts: as a container's, but the swarm fills templates in after the guard has looked.</summary>
    public static void ServiceMounts(ref Inspection inspection, FieldRule rule, int value)
    {
        for (int node = value + 1; node < inspection.Json[value].Next; node++)
        {
            bool isTemplate = inspection.NameOf(node).Contains("{{", StringComparison.Ordinal)
                || (inspection.Json.KindOf(node) == JsonTokenType.String && inspection.TextOf(node).Contains("{{", StringComparison.Ordinal));
            if (isTemplate)
                inspection.RefuseAlways(GuardPower.HostPaths, node, "a template in a mount is filled in after it was judged");
        }

        Mounts(ref inspection, rule, value);
    }

    /// <summary>A volume's DriverOpts, and DriverConfig.Options of a mount: the driver's name stands beside them.</summary>
    public static void DriverOptions(ref Inspection inspection, int options, int driver)
    {
        // An unlisted foreign driver is refused by its name; a listed one gives its options a meaning of its own.
        bool isLocal = driver < 0 || inspection.Json.KindOf(driver) != JsonTokenType.String || inspection.TextOf(driver) is "" or "local";
        if (options < 0 || !isLocal)
            return;
        if (LocalVolumeOptions.Judge(inspection.Json, options, inspection.Settings) is { } finding)
            inspection.Refuse(options, finding);
    }

    private static bool Bind(ref Inspection inspection, int node)
    {
        if (inspection.Json[node].Length > LongestBind)
        {
            inspection.RefuseAlways(GuardPower.UnknownKind, node, "longer than its paths can be");
            return false;
        }

        ReadOnlySpan<char> bind = inspection.TextOf(node);
        int first = bind.IndexOf(':');
        ReadOnlySpan<char> source = first < 0 ? bind : bind[..first];
        ReadOnlySpan<char> rest = bind[(first + 1)..];
        int second = rest.IndexOf(':');
        ReadOnlySpan<char> mode = first < 0 || second < 0 ? default : rest[(second + 1)..];
        if (source.IsEmpty || mode.Contains(':'))
        {
            inspection.RefuseAlways(GuardPower.UnknownKind, node, "not source:destination:mode");
            return false;
        }

        if (first < 0)
            return false;
        if (source[0] != '/')
        {
            UseVolume(ref inspection, node, source);
            return false;
        }

        bool readOnly = false, relabels = false, shared = false;
        foreach (Range word in mode.Split(','))
        {
            readOnly |= mode[word] is "ro";
            // On SELinux the engine writes the container's label to all files below, on a read-only mount too.
            relabels |= mode[word] is "z" or "Z";
            shared |= MountPropagation.IsSharedMode(mode[word]);
        }

        return IsHostPathToTakeOut(ref inspection, node, node, source.ToString(), readOnly && !relabels, shared);
    }

    private static bool Mount(ref Inspection inspection, int mount)
    {
        int type = inspection.Json.Find(mount, "Type"u8);
        int source = inspection.Json.Find(mount, "Source"u8);
        if (type < 0 || inspection.Json.KindOf(type) != JsonTokenType.String)
        {
            inspection.RefuseType(type < 0 ? mount : type);
            return false;
        }

        switch (inspection.TextOf(type))
        {
            case "bind":
                return BindMount(ref inspection, mount, source);
            case "volume":
                VolumeMount(ref inspection, mount, source);
                return false;
            case "tmpfs" or "image":
                return false;
            default:
                inspection.RefuseAlways(GuardPower.UnknownKind, type, "only bind, volume, tmpfs and image mounts are known");
                return false;
        }
    }

    private static bool BindMount(ref Inspection inspection, int mount, int source)
    {
        if (source < 0 || inspection.Json.StringOf(source) is not { } path)
        {
            inspection.RefuseType(source < 0 ? mount : source);
            return false;
        }

        int options = inspection.Json.Find(mount, "BindOptions"u8);
        // Mounts below the source come along, and stay writable by this word.
        bool isWritableBelow = options >= 0
            && inspection.Json.KindOf(inspection.Json.Find(options, "ReadOnlyNonRecursive"u8)) is not (JsonTokenType.None or JsonTokenType.Null or JsonTokenType.False);
        bool readOnly = !isWritableBelow && inspection.Json.KindOf(inspection.Json.Find(mount, "ReadOnly"u8)) == JsonTokenType.True;
        int propagation = options < 0 ? -1 : inspection.Json.Find(options, "Propagation"u8);
        bool shared = inspection.Json.KindOf(propagation) == JsonTokenType.String
            ? MountPropagation.IsShared(inspection.TextOf(propagation))
            : !inspection.Json.IsNothing(propagation);
        return IsHostPathToTakeOut(ref inspection, mount, source, path, readOnly, shared);
    }

    private static void VolumeMount(ref Inspection inspection, int mount, int source)
    {
        int options = inspection.Json.Find(mount, "VolumeOptions"u8);
        int config = inspection.Json.Find(options, "DriverConfig"u8);
        if ((options >= 0 && !FieldTests.IsObject(ref inspection, options)) || (config >= 0 && !FieldTests.IsObject(ref inspection, config)))
            config = -1;
        if (config >= 0)
        {
            int driver = inspection.Json.Find(config, "Name"u8);
            if (driver >= 0)
                DriverChecks.VolumeDriver(ref inspection, DriverName, driver);
            DriverOptions(ref inspection, inspection.Json.Find(config, "Options"u8), driver);
        }

        if (source < 0 || !FieldTests.IsText(ref inspection, source))
            return;
        ReadOnlySpan<char> name = inspection.TextOf(source);
        if (!name.IsEmpty)
            UseVolume(ref inspection, source, name);
    }

    /// <summary>Asks what a volume is made of; one that does not exist yet will be an ordinary one.</summary>
    private static void UseVolume(ref Inspection inspection, int node, scoped ReadOnlySpan<char> name)
    {
        if (inspection.Self is { } self && self.HasVolume(name))
            inspection.RefuseSelfVolume(name);
        else if (inspection.Settings.AllowVolumes.Contains(name))
            return;
        else if (!PlainNames.IsObjectName(name))
            inspection.RefuseAlways(GuardPower.NamedVolumes, node, "no plain volume name, and a host path starts with /");
        else if (!inspection.AsksTooMuch)
            inspection.Ask(node, GuardQuestion.Volume(name.ToString()), InquiryPurpose.UseVolume);
    }

    /// <summary>Judges a host path: true if its entry is to be taken out; else it passes or was refused.</summary>
    /// <param name="inspection">The inspection.</param>
    /// <param name="entry">The list's element.</param>
    /// <param name="node">The value that holds the path.</param>
    /// <param name="source">The path as sent.</param>
    /// <param name="readOnly">Whether the mount is read-only.</param>
    /// <param name="shared">Whether mounts below it are passed on to the host.</param>
    private static bool IsHostPathToTakeOut(ref Inspection inspection, int entry, int node, string source, bool readOnly, bool shared)
    {
        if (HostPaths.Clean(source) is not { } path)
        {
            inspection.RefuseAlways(GuardPower.HostPaths, node, $"no absolute path of less than {HostPaths.PathMax} bytes");
            return false;
        }

        bool holdsSocket = HostPaths.HoldsEngineSocket(path, inspection.Settings.SocketPath);
        // Below a file, and in a time zone's folder, nothing is mounted.
        bool isShallow = readOnly && inspection.IsReadOnlyShallow && !SystemPaths.IsHarmlessReadOnly(path)
            && !HostPaths.IsEngineSocket(path, inspection.Settings.SocketPath);
        if (inspection.Settings.AllowBindMounts.Open(path, readOnly && !isShallow, shared, holdsSocket))
            return false;
        int list = inspection.Json[entry].Parent;
        // At the top level old engines read HostConfig fields too; what stands there is refused, never mended.
        bool mayTakeOut = inspection.MayTakeOut && inspection.Json[list].Parent > 0;
        if (mayTakeOut && inspection.Settings.BindMounts switch
        {
            BindMountsMode.Filter => true,
            BindMountsMode.Auto => SystemPaths.Touches(path, inspection.Settings.DataRoot),
            _ => false,
        })
            return true;
        inspection.RefusePath(holdsSocket ? GuardPower.EngineSocket : GuardPower.HostPaths, node, source, path, readOnly && !isShallow, shared,
            isShallow ? GuardText.ShallowReadOnly(inspection.Settings) : "");
        return false;
    }

    private static void TakeOut(ref Inspection inspection, int list, List<int>? entries)
    {
        if (entries is null)
            return;
        if (entries.Count > MaxTakenOut)
        {
            inspection.RefuseAlways(GuardPower.HostPaths, entries[MaxTakenOut], $"more than {MaxTakenOut} host mounts would be taken out");
            return;
        }

        var warnings = new List<string>();
        foreach (int entry in entries)
        {
            int source = inspection.Json.Find(entry, "Source"u8);
            warnings.Add(GuardText.TakenOut(inspection.Json.PathOf(entry), inspection.Json.Shown(source < 0 ? entry : source), inspection.Settings.AuditOnly));
        }

        inspection.Edit(BodyFilter.WithoutElements(inspection.Json, list, entries), warnings);
    }
}
