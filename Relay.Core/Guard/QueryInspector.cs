using System.Text;
using SocketRelay.Policy;

namespace SocketRelay.Guard;

/// <summary>What a query may not ask for. Keys that are not in the table pass: dockerode repeats whole create bodies in its query, which the
/// engine ignores.</summary>
internal static class QueryInspector
{
    /// <summary>The table.</summary>
    public static IReadOnlyList<QueryRule> Rules { get; } =
    [
        new(GuardKind.Build, "networkmode", GuardPower.HostNamespaces, NetworkMode),
        new(GuardKind.Build, "cgroupparent", GuardPower.HostNamespaces, AnyText),
        new(GuardKind.Build, "securityopt", GuardPower.Confinement, AnyText),
        new(GuardKind.Build, "ulimits", GuardPower.Priority, Ulimits),
        new(GuardKind.Build, "version", GuardPower.Runtimes, BuilderVersion),
        new(GuardKind.Build, "remote", GuardPower.RemoteSources, RemoteContext),
        new(GuardKind.ImageCreate, "fromSrc", GuardPower.RemoteSources, RemoteSource),
        new(GuardKind.ImageSearch, "term", GuardPower.RemoteSources, SearchTerm),
        new(GuardKind.ContainerStart, "checkpoint", GuardPower.OldDoors, CheckpointName),
        new(GuardKind.ContainerStart, "checkpoint-dir", GuardPower.OldDoors, AnyText),
        new(GuardKind.ContainerCheckpoint, "dir", GuardPower.OldDoors, AnyText),
        new(GuardKind.ContainerCheckpoint, "checkpoint-dir", GuardPower.OldDoors, AnyText),
        new(GuardKind.ContainerTop, "ps_args", GuardPower.OldDoors, ProcessColumns),
        new(GuardKind.ContainerRename, "name", GuardPower.Entering, NewName),
        new(GuardKind.ContainerCreate, "name", GuardPower.Entering, IdForAName),
        new(GuardKind.ServiceUpdate, "rollback", GuardPower.HostPaths, Rollback),
        new(GuardKind.Commit, "container", GuardPower.Self, CommittedContainer),
    ];

    private static readonly ObjectShape Ulimit = new(FieldRule.Of("Name", GuardPower.Priority, HostConfigChecks.UlimitName));

    /// <summary>Whether the query of such a route must have one meaning. A create's need not: only a name in it is looked at.</summary>
    public static bool WantsPlain(GuardKind kind) => kind is GuardKind.Build or GuardKind.ImageCreate or GuardKind.ImageSearch or GuardKind.ContainerStart
        or GuardKind.ContainerCheckpoint or GuardKind.ContainerTop or GuardKind.ContainerRename or GuardKind.ServiceUpdate or GuardKind.Commit;

    /// <summary>Hands every value of every key in the table to its test.</summary>
    public static void Inspect(ref Inspection inspection, GuardKind kind, ReadOnlySpan<byte> query)
    {
        var pair = new QueryReader(query);
        while (pair.MoveNext())
        {
            if (pair.IsEmpty)
                continue;
            foreach (QueryRule rule in Rules)
                if (rule.Kind == kind && pair.IsKey(rule.Key))
                    rule.Test(ref inspection, rule, in pair);
        }
    }

    /// <summary>The first value of a key, which the engine takes; null if there is none.</summary>
    public static string? First(ReadOnlySpan<byte> query, string key)
    {
        var pair = new QueryReader(query);
        while (pair.MoveNext())
            if (pair.IsKey(key))
                return pair.Value();
        return null;
    }

    private static void AnyText(ref Inspection inspection, QueryRule rule, scoped in QueryReader pair) => Refuse(ref inspection, rule);

    /// <summary>networkmode of a build: as HostConfig.NetworkMode; the id takes the name's place in the query.</summary>
    private static void NetworkMode(ref Inspection inspection, QueryRule rule, scoped in QueryReader pair)
    {
        const string OfContainer = "container:";
        string mode = pair.Value();
        if (mode.StartsWith(OfContainer, StringComparison.Ordinal))
        {
            string name = mode[OfContainer.Length..];
            name = name.StartsWith('/') ? name[1..] : name;
            if (inspection.IsRefusedAsSelf(name, "the query's networkmode"))
                return;
            if (!PlainNames.IsObjectName(name))
            {
                inspection.Add(GuardPower.UnknownKind, $"networkmode={JsonView.Shorten(mode)} is never allowed (no plain container name or id)");
                return;
            }

            if (inspection.MayHideSelf || !StandsOnce(ref inspection, rule.Key, pair))
            {
                inspection.MayHideSelf = true;
                return;
            }

            inspection.Ask(new PendingQuestion(
                GuardQuestion.Container(name), InquiryPurpose.ShareNetwork, "networkmode",
                Edit: new NameToReplace(RequestPart.Query, pair.ValueStart, pair.ValueLength, name, "container%3A")));
        }
        else if (HostConfigChecks.IsHostNetworkName(mode))
        {
            Refuse(ref inspection, rule);
        }
        else if (PlainNames.IsIdPrefix(mode) && !inspection.Settings.AllowHostNamespaces)
        {
            inspection.Ask(new PendingQuestion(
                GuardQuestion.HostNetwork(ofSwarm: false), InquiryPurpose.IsHostNetwork, "networkmode", Detail: mode));
        }
    }

    /// <summary>version of a build: 1 makes containers, as the engine's default runtime runs them; BuildKit runs runc whatever that is.</summary>
    private static void BuilderVersion(ref Inspection inspection, QueryRule rule, scoped in QueryReader pair)
    {
        if (pair.Value() != "1" && !DriverChecks.MayUseRunc(inspection.Settings))
            inspection.Add(
                rule.Power,
                $"the query's version {JsonView.Shorten(pair.Value())}, a builder that runs runc, needs ALLOW_RUNTIMES=runc" + DriverChecks.UnlessDefault(inspection.Settings));
    }

    /// <summary>remote of a build: BuildKit clients name the context of their session so; anything else is fetched by the engine.</summary>
    private static void RemoteContext(ref Inspection inspection, QueryRule rule, scoped in QueryReader pair)
    {
        if (pair.Value() is not ("client-session" or "upload-request"))
            Refuse(ref inspection, rule);
    }

    /// <summary>fromSrc of images/create: <c>-</c> is the body.</summary>
    private static void RemoteSource(ref Inspection inspection, QueryRule rule, scoped in QueryReader pair)
    {
        if (pair.Value() != "-")
            Refuse(ref inspection, rule);
    }

    /// <summary>term of a search: what stands before its first slash is the machine that the engine asks, whose answer comes back, unless it can
    /// only be a name on Docker Hub.</summary>
    private static void SearchTerm(ref Inspection inspection, QueryRule rule, scoped in QueryReader pair)
    {
        if (ImageRegistry.Of(pair.Value()) != ImageRegistry.Hub)
            Refuse(ref inspection, rule);
    }

    /// <summary>ulimits of a build: JSON.</summary>
    private static void Ulimits(ref Inspection inspection, QueryRule rule, scoped in QueryReader pair)
    {
        byte[] text = Encoding.UTF8.GetBytes(pair.Value());
        var tape = new JsonTape();
        bool isRead = StrictJson.Read(text, tape, out _) == JsonDefect.None;
        var inner = new Inspection
        {
            Json = isRead ? new JsonView(text, tape) : default, Scratch = inspection.Scratch, Settings = inspection.Settings,
        };
        // The engine keeps null in the list and follows it.
        if (!isRead || ShapeWalker.Walk(ref inner, 0, Ulimit) >= 0 || !IsListOfObjects(inner.Json))
            inspection.Add(GuardPower.UnknownKind, "ulimits is never allowed (no plain JSON list)");
        else if (inner.Findings is not null)
            Refuse(ref inspection, rule);
    }

    private static bool IsListOfObjects(JsonView json)
    {
        if (json.KindOf(0) != System.Text.Json.JsonTokenType.StartArray)
            return json.KindOf(0) == System.Text.Json.JsonTokenType.Null;
        for (int child = json.FirstIn(0); child >= 0; child = json.After(child))
            if (json.KindOf(child) != System.Text.Json.JsonTokenType.StartObject)
                return false;
        return true;
    }

    /// <summary>ps_args of top: columns that are renamed, or stand where the engine looks for the id, by-pass its own filter of processes.</summary>
    private static void ProcessColumns(ref Inspection inspection, QueryRule rule, scoped in QueryReader pair)
    {
        string arguments = pair.Value();
        if (arguments.Contains('=', StringComparison.Ordinal))
            inspection.Add(rule.Power, "ps_args with = is never allowed (renamed columns show processes of others)");
        else if (!ProcessListing.KeepsIdsInPlace(arguments))
            inspection.Add(
                rule.Power, "ps_args is never allowed to put other columns than plain numbers and names before pid (it would show processes of others); put pid first, as in -eo pid,args");
    }

    /// <summary>checkpoint of a start: the engine joins it to the folder of the container's own checkpoints as it is.</summary>
    private static void CheckpointName(ref Inspection inspection, QueryRule rule, scoped in QueryReader pair)
    {
        if (!PlainNames.IsObjectName(pair.Value()))
            inspection.Add(rule.Power, "the query's checkpoint is never allowed to be other than a plain name (it would be a folder of the host)");
    }

    /// <summary>name of a rename: nobody may take a name that may be entered.</summary>
    private static void NewName(ref Inspection inspection, QueryRule rule, scoped in QueryReader pair)
    {
        string name = pair.Value().TrimStart('/');
        if (inspection.Settings.AllowEnter.Contains(name))
            inspection.Add(rule.Power, $"name={JsonView.Shorten(name)} is never allowed (ALLOW_ENTER opens that name, for the container that has it now)");
        IdForAName(ref inspection, rule, pair);
    }

    /// <summary>name of a create or rename: the engine takes a name for an id where no container has that id, so a name like the id of a
    /// container that was judged, and is gone by now, would stand for it.</summary>
    private static void IdForAName(ref Inspection inspection, QueryRule rule, scoped in QueryReader pair)
    {
        if (PlainNames.IsFullId(pair.Value().TrimStart('/').ToLowerInvariant()))
            inspection.Add(rule.Power, "name is never allowed to look like a full id (it could be taken for another container)");
    }

    /// <summary>rollback of a service: its previous spec is judged as if it were sent.</summary>
    private static void Rollback(ref Inspection inspection, QueryRule rule, scoped in QueryReader pair)
    {
        // What the question is about stands in the path: BodyGuard adds it.
        inspection.WantsRollback = true;
        StandsOnce(ref inspection, "version", pair);
    }

    private static void CommittedContainer(ref Inspection inspection, QueryRule rule, scoped in QueryReader pair)
    {
        if (inspection.MayHideSelf || !StandsOnce(ref inspection, rule.Key, pair))
            inspection.MayHideSelf = true;
        else
            inspection.KeepFromSelf(pair.Value(), "the query's container", RequestPart.Query, pair.ValueStart, pair.ValueLength);
    }

    /// <summary>Refuses a key that stands in the query more than once, for values that are replaced or taken from it: the engine takes one of
    /// them. Where each value is judged for itself, and passes as it came, a key may be repeated.</summary>
    private static bool StandsOnce(ref Inspection inspection, string key, scoped in QueryReader pair)
    {
        if (pair.CountOf(key) <= 1)
            return true;
        inspection.Add(GuardPower.UnknownKind, $"the query's {key} is never allowed to stand there twice (the engine takes one of them)");
        return false;
    }

    private static void Refuse(ref Inspection inspection, QueryRule rule)
    {
        if (!GuardPowers.IsOpen(rule.Power, inspection.Settings))
            inspection.Add(rule.Power, GuardText.Refusal("the query's " + rule.Key, rule.Power));
    }
}
