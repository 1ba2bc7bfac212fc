namespace SocketRelay.Tests.Guard;

/// <summary>Which powers a decoded create holds, judged simply and apart from the guard: nothing is opened.</summary>
internal static class ReferencePowers
{
    private static readonly string[] DefaultCapabilities =
    [
        "CHOWN", "DAC_OVERRIDE", "FSETID", "FOWNER", "MKNOD", "NET_RAW", "SETGID", "SETUID", "SETFCAP", "SETPCAP", "NET_BIND_SERVICE", "SYS_CHROOT",
        "KILL", "AUDIT_WRITE",
    ];

    private static readonly string[] Masked = ["/proc/kcore", "/proc/keys", "/proc/timer_list", "/sys/firmware"];

    /// <summary>The powers of a create: those of its HostConfig, or, where that is nil, of the fields at its top level (engine 20.10).</summary>
    public static List<string> Of(object? create)
    {
        var fields = (Dictionary<string, object?>)create!;
        return OfHostConfig(fields.GetValueOrDefault("HostConfig") as Dictionary<string, object?> ?? fields);
    }

    private static List<string> OfHostConfig(Dictionary<string, object?> host)
    {
        var powers = new List<string>();
        void Add(string power, bool holds)
        {
            if (holds)
                powers.Add(power);
        }

        Add("privileged", host.GetValueOrDefault("Privileged") is true);
        foreach (string field in new[] { "NetworkMode", "PidMode", "IpcMode", "UTSMode", "UsernsMode" })
            Add(field, Text(host, field) == "host" || Text(host, field).StartsWith("ns:", StringComparison.Ordinal));
        foreach (string field in new[] { "PidMode", "IpcMode" })
            Add(field, Text(host, field).StartsWith("container:", StringComparison.Ordinal));
        Add("CgroupParent", Text(host, "CgroupParent").Length > 0);
        foreach (string bind in Texts(host, "Binds"))
            Add("bind " + bind, bind.StartsWith('/') && bind.Contains(':', StringComparison.Ordinal));
        Add("VolumesFrom", Texts(host, "VolumesFrom").Any());
        Add("VolumeDriver", Text(host, "VolumeDriver") is not ("" or "local"));
        Add("Runtime", Text(host, "Runtime") is not ("" or "runc" or "io.containerd.runc.v2"));
        foreach (string capability in Texts(host, "CapAdd"))
            Add("capability " + capability, !DefaultCapabilities.Contains(Normal(capability)));
        foreach (string option in Texts(host, "SecurityOpt"))
            Add("SecurityOpt " + option, option is not ("no-new-privileges" or "no-new-privileges:true"));
        foreach (string field in new[] { "MaskedPaths", "ReadonlyPaths" })
            Add(field, host.GetValueOrDefault(field) is List<object?> list && (list.Count == 0 || (field == "MaskedPaths" && Masked.Any(path => !list.Contains(path)))));
        Add("OomScoreAdj", host.GetValueOrDefault("OomScoreAdj") is long and < 0);
        Add("OomKillDisable", host.GetValueOrDefault("OomKillDisable") is true);
        Add("Annotations", host.GetValueOrDefault("Annotations") is Dictionary<string, object?> { Count: > 0 });
        Add("Devices", host.GetValueOrDefault("Devices") is List<object?> { Count: > 0 });
        Add("DeviceCgroupRules", Texts(host, "DeviceCgroupRules").Any());
        foreach (Dictionary<string, object?> ulimit in Structs(host, "Ulimits"))
            Add("Ulimits", Text(ulimit, "Name") == "rtprio");
        if (host.GetValueOrDefault("LogConfig") is Dictionary<string, object?> log)
            Add("LogConfig", Text(log, "Type") is "syslog" or "fluentd" or "gelf");
        foreach (Dictionary<string, object?> mount in Structs(host, "Mounts"))
            AddMount(mount, Add);
        return powers;
    }

    private static void AddMount(Dictionary<string, object?> mount, Action<string, bool> add)
    {
        add("mount", Text(mount, "Type") == "bind" && Text(mount, "Source").StartsWith('/'));
        if (Text(mount, "Type") != "volume" || mount.GetValueOrDefault("VolumeOptions") is not Dictionary<string, object?> options
            || options.GetValueOrDefault("DriverConfig") is not Dictionary<string, object?> config)
            return;
        add("driver", Text(config, "Name") is not ("" or "local"));
        if (config.GetValueOrDefault("Options") is Dictionary<string, object?> values)
            add("driver options", Text(values, "o").Split(',').Any(word => word is "bind" or "rbind") || Text(values, "device").StartsWith('/'));
    }

    private static string Normal(string capability)
    {
        string upper = capability.ToUpperInvariant().Replace('\u017F', 'S');
        return upper.StartsWith("CAP_", StringComparison.Ordinal) ? upper[4..] : upper;
    }

    private static string Text(Dictionary<string, object?> fields, string name) => fields.GetValueOrDefault(name) as string ?? "";

    private static IEnumerable<string> Texts(Dictionary<string, object?> fields, string name) =>
        (fields.GetValueOrDefault(name) as List<object?> ?? []).Select(item => item as string ?? "");

    private static IEnumerable<Dictionary<string, object?>> Structs(Dictionary<string, object?> fields, string name) =>
        (fields.GetValueOrDefault(name) as List<object?> ?? []).OfType<Dictionary<string, object?>>();
}
