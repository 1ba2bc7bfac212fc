namespace SocketRelay.Guard;

/// <summary>What the start-up lines say about the guard.</summary>
internal static class GuardReport
{
    /// <summary>One line each: what the guard leaves open, what it cannot see, what happens to host mounts.</summary>
    /// <param name="settings">The settings in force.</param>
    /// <param name="open">Whether a switch of the dialect (GRPC, SESSION, BUILD, POST, CONTAINERS …) is on.</param>
    public static IReadOnlyList<GuardReportLine> Describe(GuardSettings settings, Func<string, bool> open)
    {
        if (!settings.Enabled)
            return [new GuardReportLine(true, "guard: off (GUARD=0): whoever may create containers has the host")];
        var lines = new List<GuardReportLine>();
        List<string> opened = Opened(settings);
        lines.Add(new GuardReportLine(false, opened.Count == 0 ? "guard: on, nothing is opened" : "guard: on, but opened by " + string.Join(' ', opened)));
        foreach (string stream in new[] { "GRPC", "SESSION" })
            if (open(stream) && open("POST"))
                lines.Add(new GuardReportLine(true, $"guard: {stream}=1 opens BuildKit's own stream, which the guard cannot look into: builds there may ask for the host"));
        if (open("BUILD") && open("POST"))
            lines.Add(new GuardReportLine(true, "guard: BUILD=1: an ADD in a Dockerfile fetches from the engine's own network, and a build may take the name of any image"));
        if (open("CONTAINERS") && open("POST"))
            lines.Add(OnHostMounts(settings));
        foreach (AllowedPath path in settings.AllowBindMounts.Entries)
            if (path.AllBelow)
                lines.Add(new GuardReportLine(
                    true, $"guard: ALLOW_BIND_MOUNTS {Below(path)} opens all below: whoever can write there can make a link to any file of the host and mount that"));
        foreach (AllowedPath path in settings.AllowBindMounts.Entries)
            if (!path.ReadOnly && settings.AllowBindMounts.FirstBelow(path.Path) is { } below && !path.AllBelow)
                lines.Add(new GuardReportLine(
                    true, $"guard: ALLOW_BIND_MOUNTS {Below(path)} holds {below}, which is listed too: whoever can write there can make that a link to any file of the host and mount it"));
            else if (path.Path is "/" or "/proc" && !path.AllBelow)
                lines.Add(new GuardReportLine(
                    true, $"guard: ALLOW_BIND_MOUNTS {Below(path)} opens the files of processes too (/proc/PID/root), the engine's socket in other containers among them, and to be written to with :ro as well"));
        if (settings.AllowEnterAll)
            lines.Add(new GuardReportLine(true, "guard: ALLOW_ENTER=* lets every container be entered, those with the host's power too"));
        if (!settings.ProtectSelf)
            lines.Add(new GuardReportLine(true, "guard: PROTECT_SELF=0: callers may stop, enter and change the relay itself"));
        return lines;
    }

    private static GuardReportLine OnHostMounts(GuardSettings settings)
    {
        string what = settings.BindMounts switch
        {
            BindMountsMode.Auto => "mounts of the system's own files are taken out of new containers with a warning, others are refused",
            BindMountsMode.Filter => "host mounts are taken out of new containers with a warning",
            _ => "new containers with host mounts are refused",
        };
        bool isListed = settings.AllowBindMounts.Entries.Count > 0;
        return new GuardReportLine(
            !isListed,
            $"guard: BIND_MOUNTS={settings.BindMounts.ToString().ToLowerInvariant()}: {what}"
            + (isListed ? "; ALLOW_BIND_MOUNTS lists the exceptions" : "; updaters that re-create containers need their paths in ALLOW_BIND_MOUNTS"));
    }

    private static List<string> Opened(GuardSettings settings)
    {
        var opened = new List<string>();
        foreach (GuardPower power in Enum.GetValues<GuardPower>())
            if (GuardPowers.IsOpen(power, settings))
                opened.Add(GuardPowers.VariableOf(power) + "=1");
        void List(GuardPower power, IEnumerable<string> values)
        {
            string joined = string.Join(',', values.Order(StringComparer.Ordinal));
            if (joined.Length > 0)
                opened.Add($"{GuardPowers.VariableOf(power)}={joined}");
        }

        List(GuardPower.HostPaths, settings.AllowBindMounts.Entries.Select(Below));
        List(GuardPower.VolumeTypes, settings.AllowVolumeTypes.Names);
        List(GuardPower.NamedVolumes, settings.AllowVolumes.Names);
        List(GuardPower.Capabilities, settings.AllowCapabilities.Names);
        List(GuardPower.Runtimes, settings.AllowRuntimes.Names);
        List(GuardPower.VolumeDrivers, settings.AllowVolumeDrivers.Names);
        List(GuardPower.NetworkDrivers, settings.AllowNetworkDrivers.Names);
        List(GuardPower.LogDrivers, settings.AllowLogDrivers.Names);
        List(GuardPower.Subnets, settings.AllowSubnets.Select(subnet => subnet.ToString()));
        List(GuardPower.Entering, settings.AllowEnterAll ? ["*"] : settings.AllowEnter.Names);
        if (!settings.ProtectSelf)
            opened.Add("PROTECT_SELF=0");
        return opened;
    }

    private static string Below(AllowedPath path) =>
        (path.AllBelow ? path.Path.TrimEnd('/') + "/*" : path.Path) + (path.ReadOnly ? ":ro" : "") + (path.Shared ? ":shared" : "");
}
