namespace SocketRelay.Guard;

/// <summary>POST /networks/create.</summary>
internal static class NetworkCreateInspector
{
    private static readonly ObjectShape AddressConfig = new(
        FieldRule.Of("Subnet", GuardPower.Subnets, NetworkChecks.SubnetOf),
        FieldRule.Map("AuxiliaryAddresses"));

    private static readonly ObjectShape AddressManagement = new(
        FieldRule.Of("Driver", GuardPower.NetworkDrivers, DriverChecks.AddressDriver),
        FieldRule.List("Config", GuardPower.Subnets, null, AddressConfig),
        FieldRule.Map("Options"));

    private static readonly ObjectShape ConfigReference = new(FieldRule.Of("Network", GuardPower.NetworkDrivers, NetworkChecks.ConfigFrom));

    /// <summary>The table. The engine describes a configuration network in the same fields, so it is judged by it too.</summary>
    public static ObjectShape Shape { get; } = new(
        FieldRule.Of("Driver", GuardPower.NetworkDrivers, DriverChecks.NetworkDriver),
        FieldRule.Map("Options", GuardPower.NetworkDrivers, NetworkChecks.Options),
        FieldRule.Object("IPAM", AddressManagement),
        FieldRule.Object("ConfigFrom", ConfigReference),
        FieldRule.Map("Labels"));
}
