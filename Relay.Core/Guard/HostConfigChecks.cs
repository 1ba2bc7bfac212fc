using System.Text.Json;

namespace SocketRelay.Guard;

/// <summary>Tests of single HostConfig fields that look at what a value says. Several inspectors share them.</summary>
internal static class HostConfigChecks
{
    private const string OfContainer = "container:";

    /// <summary>Bytes of a path of the default lists as anybody may write it: longer texts are not decoded once for each of them.</summary>
    private const int LongestDefaultPath = 1024;

    /// <summary>NetworkMode: the host's is refused, also by the id of the host network; another container's is followed to its end; any
    /// other name is a network that may be joined.</summary>
    public static void NetworkMode(ref Inspection inspection, FieldRule rule, int value)
    {
        if (!FieldTests.IsText(ref inspection, value))
            return;
        ReadOnlySpan<char> mode = inspection.TextOf(value);
        if (mode.StartsWith(OfContainer))
            ShareContainer(ref inspection, value, mode[OfContainer.Length..], InquiryPurpose.ShareNetwork);
        else if (IsHostNetworkName(mode))
            inspection.Refuse(rule.Power, value);
        else if (PlainNames.IsIdPrefix(mode))
            AskForHostNetwork(ref inspection, value, mode);
    }

    /// <summary>PidMode: empty is its own.</summary>
    public static void PidMode(ref Inspection inspection, FieldRule rule, int value) =>
        Namespace(ref inspection, rule, value, [""], InquiryPurpose.SharePids);

    /// <summary>IpcMode: these are its own; <c>shareable</c> only lets others in.</summary>
    public static void IpcMode(ref Inspection inspection, FieldRule rule, int value) =>
        Namespace(ref inspection, rule, value, ["", "private", "shareable", "none"], InquiryPurpose.ShareIpc);

    /// <summary>UTSMode and UsernsMode: only empty is its own.</summary>
    public static void OwnNamespace(ref Inspection inspection, FieldRule rule, int value) => Namespace(ref inspection, rule, value, [""], null);

    /// <summary>CgroupnsMode: on cgroup v1 <c>host</c> is what every container has.</summary>
    public static void CgroupnsMode(ref Inspection inspection, FieldRule rule, int value) =>
        Namespace(
            ref inspection, rule, value, inspection.Settings.CgroupV2 ? ["", "private"] : ["", "private", "host"], null,
            GuardText.Unless("the host is on cgroup v1", inspection.Settings));

    /// <summary>CapAdd and CapabilityAdd: a list, or one string (the engine's strslice takes both). What default containers have may be added.</summary>
    public static void Capabilities(ref Inspection inspection, FieldRule rule, int value)
    {
        if (inspection.Json.KindOf(value) == JsonTokenType.String)
            Capability(ref inspection, rule, value);
        else if (FieldTests.IsList(ref inspection, value))
            for (int child = inspection.Json.FirstIn(value); child >= 0; child = inspection.Json.After(child))
                Capability(ref inspection, rule, child);
    }

    /// <summary>SecurityOpt: everything but <c>no-new-privileges</c> lifts something (labels, AppArmor, seccomp, system paths, cgroups).</summary>
    public static void SecurityOpt(ref Inspection inspection, FieldRule rule, int value)
    {
        if (!FieldTests.IsList(ref inspection, value))
            return;
        for (int child = inspection.Json.FirstIn(value); child >= 0; child = inspection.Json.After(child))
        {
            if (inspection.Json.KindOf(child) != JsonTokenType.String)
                inspection.RefuseType(child);
            else if (!DefaultConfinement.IsNoNewPrivileges(inspection.TextOf(child)))
                inspection.Refuse(rule.Power, child);
        }
    }

    /// <summary>MaskedPaths: null means the default; a list must have all that every engine masks.</summary>
    public static void MaskedPaths(ref Inspection inspection, FieldRule rule, int value) =>
        HoldsAll(ref inspection, rule, value, DefaultConfinement.MaskedPaths);

    /// <summary>ReadonlyPaths: null means the default; a list must have all that every engine makes read-only.</summary>
    public static void ReadonlyPaths(ref Inspection inspection, FieldRule rule, int value) =>
        HoldsAll(ref inspection, rule, value, DefaultConfinement.ReadonlyPaths);

    /// <summary>The name of a ulimit: those that let a process before the host's own.</summary>
    public static void UlimitName(ref Inspection inspection, FieldRule rule, int value)
    {
        if (!FieldTests.IsText(ref inspection, value))
            return;
        // The engine upper-cases the name by Unicode's rules, and no limit of Linux has a letter beyond ASCII.
        ReadOnlySpan<char> name = inspection.TextOf(value);
        if (WordFolding.MayBe(name, "rtprio") || WordFolding.MayBe(name, "nice") || !System.Text.Ascii.IsValid(name))
            inspection.Refuse(rule.Power, value);
    }

    /// <summary>GroupAdd, and a service's Groups: the engine looks a group up by its name, and follows nothing where the name is empty. In a
    /// service it does so where nothing catches it: the engine ends.</summary>
    public static void Groups(ref Inspection inspection, FieldRule rule, int value)
    {
        if (!FieldTests.IsList(ref inspection, value))
            return;
        for (int child = inspection.Json.FirstIn(value); child >= 0; child = inspection.Json.After(child))
        {
            if (inspection.Json.KindOf(child) != JsonTokenType.String)
                inspection.RefuseType(child);
            else if (inspection.TextOf(child).Trim().IsEmpty)
                inspection.RefuseAlways(rule.Power, child, "a group without a name, which ends the engine");
        }
    }

    /// <summary>The device whose rate a container is bound to: the engine looks the path up on the host, and its error tells whether it exists.</summary>
    public static void BlockDevicePath(ref Inspection inspection, FieldRule rule, int value)
    {
        if (!FieldTests.IsText(ref inspection, value) || inspection.Json[value].Length == 2)
            return;
        string path = inspection.Json.StringOf(value)!;
        if (HostPaths.GoesUp(path) || HostPaths.Clean(path) is not { } cleaned || !HostPaths.IsBelow(cleaned, "/dev") || HostPaths.IsBelowProc(cleaned))
            inspection.Refuse(rule.Power, value);
    }

    /// <summary>VolumesFrom, <c>name[:mode]</c>: never the relay's; others' only where that is open, and no more of them than may be entered.</summary>
    public static void VolumesFrom(ref Inspection inspection, FieldRule rule, int value)
    {
        if (!FieldTests.IsList(ref inspection, value))
            return;
        for (int child = inspection.Json.FirstIn(value); child >= 0; child = inspection.Json.After(child))
        {
            if (!FieldTests.IsText(ref inspection, child))
                continue;
            if (inspection.Settings.AllowVolumesFrom)
                TakeVolumes(ref inspection, child);
            else
                KeepSourceFromSelf(ref inspection, child);
        }

        if (inspection.Json.FirstIn(value) >= 0)
            inspection.Refuse(rule.Power, value);
    }

    /// <summary>Links, <c>name:alias</c>: the engine knows what is linked by a second name from then on, the creator's with a slash and the alias.</summary>
    public static void Links(ref Inspection inspection, FieldRule rule, int value)
    {
        if (!FieldTests.IsList(ref inspection, value))
            return;
        for (int child = inspection.Json.FirstIn(value); child >= 0; child = inspection.Json.After(child))
            if (FieldTests.IsText(ref inspection, child))
                KeepSourceFromSelf(ref inspection, child);
    }

    /// <summary>Whether a network mode or name asks for the host's network, or for a network namespace by its path.</summary>
    public static bool IsHostNetworkName(ReadOnlySpan<char> name) =>
        // Other cases and spaces start no container today; an engine that trimmed and folded them would.
        WordFolding.MayBe(name, "host") || WordFolding.MayStartWith(name, "ns:");

    /// <summary>Asks whether a network that is named by an id or the start of one is the host's.</summary>
    public static void AskForHostNetwork(ref Inspection inspection, int value, ReadOnlySpan<char> id)
    {
        if (!inspection.Settings.AllowHostNamespaces && !inspection.AsksTooMuch)
            inspection.Ask(value, GuardQuestion.HostNetwork(ofSwarm: false), InquiryPurpose.IsHostNetwork, detail: id.ToString());
    }

    private static void KeepSourceFromSelf(ref Inspection inspection, int node)
    {
        ReadOnlySpan<char> text = inspection.TextOf(node);
        int colon = text.IndexOf(':');
        inspection.KeepFromSelf(colon < 0 ? text : text[..colon], node);
    }

    private static void Namespace(
        ref Inspection inspection, FieldRule rule, int value, scoped ReadOnlySpan<string> own, InquiryPurpose? shared, string unless = "")
    {
        if (!FieldTests.IsText(ref inspection, value))
            return;
        ReadOnlySpan<char> mode = inspection.TextOf(value);
        if (FieldTests.IsOneOf(mode, own))
            return;
        if (shared is { } purpose && mode.StartsWith(OfContainer))
        {
            inspection.Refuse(GuardPower.ContainerNamespaces, value);
            ShareContainer(ref inspection, value, mode[OfContainer.Length..], purpose);
        }
        else
        {
            inspection.Refuse(rule.Power, value, unless);
        }
    }

    /// <summary>Asks who the container is whose namespace is to be shared; its name in the body will be replaced by its id.</summary>
    private static void ShareContainer(ref Inspection inspection, int value, ReadOnlySpan<char> name, InquiryPurpose purpose)
    {
        ReadOnlySpan<char> plain = name.StartsWith("/") ? name[1..] : name;
        // Whoever it is, its id takes the name's place below; only what cannot be asked about is left.
        if (inspection.IsRefusedAsSelf(plain, value))
            return;
        if (!PlainNames.IsObjectName(plain))
        {
            inspection.RefuseAlways(GuardPower.UnknownKind, value, "no plain container name or id");
            return;
        }

        ref readonly TapeNode node = ref inspection.Json[value];
        var place = new NameToReplace(RequestPart.Body, node.Start, node.Length, name.ToString(), "\"" + OfContainer, "\"");
        inspection.Ask(value, GuardQuestion.Container(plain.ToString()), purpose, place);
    }

    /// <summary>Asks what the container holds whose mounts are to be taken over; its name will be replaced by its id.</summary>
    private static void TakeVolumes(ref Inspection inspection, int value)
    {
        ReadOnlySpan<char> text = inspection.TextOf(value);
        int colon = text.IndexOf(':');
        ReadOnlySpan<char> name = colon < 0 ? text : text[..colon];
        ReadOnlySpan<char> plain = name.StartsWith("/") ? name[1..] : name;
        if (inspection.IsRefusedAsSelf(plain, value) || inspection.AsksTooMuch)
            return;
        if (!PlainNames.IsObjectName(plain))
        {
            inspection.RefuseAlways(GuardPower.UnknownKind, value, "no plain container name or id");
            return;
        }

        ref readonly TapeNode node = ref inspection.Json[value];
        string mode = JsonEncodedText.Encode(text[name.Length..]).ToString();
        var place = new NameToReplace(RequestPart.Body, node.Start, node.Length, name.ToString(), "\"", mode + "\"");
        inspection.Ask(value, GuardQuestion.Container(plain.ToString()), InquiryPurpose.TakeVolumes, place);
    }

    private static void Capability(ref Inspection inspection, FieldRule rule, int value)
    {
        if (inspection.Json.KindOf(value) != JsonTokenType.String)
        {
            inspection.RefuseType(value);
            return;
        }

        ReadOnlySpan<char> written = inspection.TextOf(value);
        if (CapabilityNames.IsAllowed(written, inspection.Settings.AllowCapabilities))
            return;
        // Go upper-cases letters beyond ASCII too, so that such a name may become a known one behind the guard's back.
        if (CapabilityNames.Normalize(written) is { } name)
            inspection.RefuseValue(rule.Power, value, name);
        else
            inspection.RefuseAlways(rule.Power, value, "no plain capability name");
    }

    private static void HoldsAll(ref Inspection inspection, FieldRule rule, int value, scoped ReadOnlySpan<string> defaults)
    {
        if (!FieldTests.IsList(ref inspection, value))
            return;
        foreach (string path in defaults)
        {
            bool found = false;
            for (int child = inspection.Json.FirstIn(value); child >= 0 && !found; child = inspection.Json.After(child))
                found = inspection.Json.KindOf(child) == JsonTokenType.String
                    && inspection.Json[child].Length <= LongestDefaultPath
                    && inspection.TextOf(child).SequenceEqual(path);
            if (found)
                continue;
            inspection.Refuse(rule.Power, value);
            return;
        }
    }
}
