using System.Text.Json;

namespace SocketRelay.Guard;

/// <summary>Tests of fields that name a runtime or a driver: the engine's own and its default ones pass, others where they are listed.</summary>
internal static class DriverChecks
{
    private const string Runc = "runc";
    private const string RuncShim = "io.containerd.runc.v2";

    /// <summary>Runtimes that confine as runc does; any other may be a sandbox, beside which runc is the weaker one.</summary>
    private static readonly string[] RuncLike = [Runc, RuncShim, "crun", "youki", "nvidia"];

    /// <summary>Log drivers that write to the engine's own files alone.</summary>
    private static readonly string[] OwnLogDrivers = ["", "json-file", "local", "journald", "none"];

    /// <summary>Runtime: the engine's default one, runc by each of its names where the default is no stronger confinement, or a listed one.
    /// While the default is not known it may be a sandbox.</summary>
    public static void Runtime(ref Inspection inspection, FieldRule rule, int value)
    {
        string engines = inspection.Settings.DefaultRuntime ?? "";
        ReadOnlySpan<string> harmless = IsRuncLike(engines) ? ["", engines, Runc, RuncShim] : ["", engines];
        Listed(ref inspection, rule, value, harmless, inspection.Settings.AllowRuntimes, UnlessDefault(inspection.Settings));
    }

    /// <summary>Whether what runs under runc is confined as well as a container that names no runtime, or runc is listed.</summary>
    public static bool MayUseRunc(GuardSettings settings) => IsRuncLike(settings.DefaultRuntime) || settings.AllowRuntimes.Contains(Runc);

    /// <summary>What stands behind a finding about a runtime while the default one is not known.</summary>
    public static string UnlessDefault(GuardSettings settings) => GuardText.Unless("it is the default runtime", settings);

    /// <summary>VolumeDriver, and a volume's Driver.</summary>
    public static void VolumeDriver(ref Inspection inspection, FieldRule rule, int value) =>
        Listed(ref inspection, rule, value, ["", "local"], inspection.Settings.AllowVolumeDrivers);

    /// <summary>LogConfig: where the type is left to the engine the options go to its default driver, whichever that is.</summary>
    public static void LogConfig(ref Inspection inspection, FieldRule rule, int value) =>
        LogOptionChecks.Judge(ref inspection, rule, inspection.Json.Find(value, "Type"u8), inspection.Json.Find(value, "Config"u8));

    /// <summary>A service's LogDriver, as <see cref="LogConfig"/>.</summary>
    public static void ServiceLogDriver(ref Inspection inspection, FieldRule rule, int value) =>
        LogOptionChecks.Judge(ref inspection, rule, inspection.Json.Find(value, "Name"u8), inspection.Json.Find(value, "Options"u8));

    /// <summary>Whether a log driver writes to the engine's own files alone.</summary>
    public static bool IsOwnLogDriver(string name) => FieldTests.IsOneOf(name, OwnLogDrivers);

    /// <summary>LogConfig.Type: drivers that write to the engine's own files alone, and the engine's default, which every container has.</summary>
    public static void LogDriver(ref Inspection inspection, FieldRule rule, int value)
    {
        bool isDefault = inspection.Settings.DefaultLogDriver is { } own && inspection.Json.KindOf(value) == JsonTokenType.String
            && inspection.TextOf(value).SequenceEqual(own);
        if (!isDefault)
            Listed(ref inspection, rule, value, OwnLogDrivers, inspection.Settings.AllowLogDrivers);
    }

    /// <summary>A service's LogDriver.Name: as <see cref="LogDriver"/>, but other nodes may have another default.</summary>
    public static void ServiceLogDriverName(ref Inspection inspection, FieldRule rule, int value) =>
        Listed(ref inspection, rule, value, OwnLogDrivers, inspection.Settings.AllowLogDrivers);

    /// <summary>A network's Driver. <c>host</c> and those that give the host's wire (macvlan, ipvlan) are not among them.</summary>
    public static void NetworkDriver(ref Inspection inspection, FieldRule rule, int value) =>
        Listed(ref inspection, rule, value, ["", "bridge", "overlay", "null"], inspection.Settings.AllowNetworkDrivers);

    /// <summary>IPAM.Driver.</summary>
    public static void AddressDriver(ref Inspection inspection, FieldRule rule, int value) =>
        Listed(ref inspection, rule, value, ["", "default", "null"], inspection.Settings.AllowNetworkDrivers);

    private static bool IsRuncLike(string? runtime) => FieldTests.IsOneOf(runtime, RuncLike);

    private static void Listed(
        ref Inspection inspection, FieldRule rule, int value, scoped ReadOnlySpan<string> harmless, NameList allowed, string unless = "")
    {
        if (!FieldTests.IsText(ref inspection, value))
            return;
        ReadOnlySpan<char> name = inspection.TextOf(value);
        if (!FieldTests.IsOneOf(name, harmless) && !allowed.Contains(name))
            inspection.RefuseValue(rule.Power, value, name, unless);
    }
}
