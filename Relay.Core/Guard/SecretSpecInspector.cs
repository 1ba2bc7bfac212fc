namespace SocketRelay.Guard;

/// <summary>Secrets and configs: a driver is looked up as a plugin's socket, a template is run by the swarm.</summary>
internal static class SecretSpecInspector
{
    /// <summary>The table.</summary>
    public static ObjectShape Shape { get; } = new(
        FieldRule.Of("Driver", GuardPower.SecretDrivers, FieldTests.AnyContent),
        FieldRule.Of("Templating", GuardPower.SecretDrivers, FieldTests.AnyContent),
        FieldRule.Map("Labels"));
}
