namespace SocketRelay.Guard;

/// <summary>Tests of networks: what a new one may be, and which one may be joined.</summary>
internal static class NetworkChecks
{
    /// <summary>The option that puts a bridge network on an interface of the host's choice.</summary>
    private const string BridgeName = "com.docker.network.bridge.name";

    /// <summary>The option that takes docker0 for the network, gives it the network's address and leaves it so, where the engine has no default bridge.</summary>
    private const string DefaultBridge = "com.docker.network.bridge.default_bridge";

    /// <summary>A network's Options: the name of the bridge may be any interface of the host.</summary>
    public static void Options(ref Inspection inspection, FieldRule rule, int value)
    {
        if (!FieldTests.IsObject(ref inspection, value) || inspection.Settings.AllowNetworkDrivers.Contains(BridgeName))
            return;
        for (int child = inspection.Json.FirstIn(value); child >= 0; child = inspection.Json.After(child))
            if (WordFolding.MayBe(inspection.NameOf(child), BridgeName) || WordFolding.MayBe(inspection.NameOf(child), DefaultBridge))
                inspection.RefuseValue(rule.Power, child, BridgeName);
    }

    /// <summary>IPAM.Config[].Subnet: the host routes the range to the new bridge, away from where it went.</summary>
    public static void SubnetOf(ref Inspection inspection, FieldRule rule, int value)
    {
        if (!FieldTests.IsText(ref inspection, value))
            return;
        string text = inspection.TextOf(value).ToString();
        if (text.Length == 0)
            return;
        if (Subnet.TryParse(text) is not { } subnet)
            inspection.RefuseAlways(rule.Power, value, "no address range in CIDR form");
        else if (!Subnet.Private.Any(range => range.Holds(subnet)) && !Holds(inspection.Settings.AllowSubnets, subnet))
            inspection.RefuseValue(rule.Power, value, text);
    }

    /// <summary>ConfigFrom.Network: the configuration network of that name, from which the new one gets subnets and options.</summary>
    public static void ConfigFrom(ref Inspection inspection, FieldRule rule, int value)
    {
        if (!FieldTests.IsText(ref inspection, value) || inspection.Json[value].Length == 2 || inspection.AsksTooMuch)
            return;
        ReadOnlySpan<char> name = inspection.TextOf(value);
        if (PlainNames.IsObjectName(name))
            inspection.Ask(value, GuardQuestion.LocalNetwork(name.ToString()), InquiryPurpose.UseNetworkConfig);
        else
            inspection.RefuseAlways(rule.Power, value, "no plain network name");
    }

    /// <summary>NetworkingConfig.EndpointsConfig: its keys are networks that the new container joins, by name or id.</summary>
    public static void EndpointKeys(ref Inspection inspection, FieldRule rule, int value)
    {
        if (!FieldTests.IsObject(ref inspection, value))
            return;
        for (int child = inspection.Json.FirstIn(value); child >= 0; child = inspection.Json.After(child))
            Joined(ref inspection, rule, child, inspection.NameOf(child));
    }

    /// <summary>NetworkID of an endpoint.</summary>
    public static void NetworkId(ref Inspection inspection, FieldRule rule, int value)
    {
        if (FieldTests.IsText(ref inspection, value))
            Joined(ref inspection, rule, value, inspection.TextOf(value));
    }

    /// <summary>A service's Networks[].Target: a name, or an id that the swarm gave, which the host network has too.</summary>
    public static void ServiceNetwork(ref Inspection inspection, FieldRule rule, int value)
    {
        if (!FieldTests.IsText(ref inspection, value))
            return;
        ReadOnlySpan<char> target = inspection.TextOf(value);
        if (HostConfigChecks.IsHostNetworkName(target))
        {
            inspection.Refuse(rule.Power, value);
            return;
        }

        if (inspection.Settings.AllowHostNamespaces || target.IsEmpty || inspection.AsksTooMuch)
            return;
        string id = target.ToString();
        inspection.Ask(value, GuardQuestion.HostNetwork(ofSwarm: false), InquiryPurpose.IsHostNetwork, detail: id);
        inspection.Ask(value, GuardQuestion.HostNetwork(ofSwarm: true), InquiryPurpose.IsHostNetwork, detail: id);
    }

    /// <summary>The Container of a connect or disconnect.</summary>
    public static void Container(ref Inspection inspection, FieldRule rule, int value)
    {
        if (FieldTests.IsText(ref inspection, value))
            inspection.KeepFromSelf(inspection.TextOf(value), value);
    }

    private static void Joined(ref Inspection inspection, FieldRule rule, int value, ReadOnlySpan<char> network)
    {
        if (HostConfigChecks.IsHostNetworkName(network))
            inspection.Refuse(rule.Power, value);
        else if (PlainNames.IsIdPrefix(network))
            HostConfigChecks.AskForHostNetwork(ref inspection, value, network);
    }

    private static bool Holds(IReadOnlyList<Subnet> ranges, Subnet subnet) => ranges.Any(range => range.Holds(subnet));
}
