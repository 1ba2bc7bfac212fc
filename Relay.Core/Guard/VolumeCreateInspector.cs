namespace SocketRelay.Guard;

/// <summary>POST /volumes/create and PUT /volumes/{name}.</summary>
internal static class VolumeCreateInspector
{
    /// <summary>The table; DriverOpts and Driver are judged together by <see cref="Inspect"/>.</summary>
    public static ObjectShape Shape { get; } = new(
        FieldRule.Of("Driver", GuardPower.VolumeDrivers, DriverChecks.VolumeDriver),
        FieldRule.Map("DriverOpts"),
        FieldRule.Map("Labels"),
        FieldRule.Of("ClusterVolumeSpec", GuardPower.UnknownKind, FieldTests.AnyContent));

    /// <summary>Judges the driver's options.</summary>
    public static void Inspect(ref Inspection inspection)
    {
        int options = inspection.Json.Find(0, "DriverOpts"u8);
        MountChecks.DriverOptions(ref inspection, options, inspection.Json.Find(0, "Driver"u8));
    }
}
