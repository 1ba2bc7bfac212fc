using System.Text.Json;

namespace SocketRelay.Guard;

/// <summary>Judges the engine's answers, one after the other, and says what to ask next. Whatever is not understood means no.</summary>
/// <param name="settings">The settings in force.</param>
/// <param name="self">The relay's own container where it is protected, else null.</param>
/// <param name="known">The containers judged before.</param>
/// <param name="tape">Room for one answer.</param>
/// <param name="scratch">Room for the text of one value.</param>
internal readonly struct InquiryJudge(GuardSettings settings, SelfIdentity? self, JudgedContainers known, JsonTape tape, char[] scratch)
{
    /// <summary>Containers that may follow one another in sharing a namespace; the engine itself stops at the first that loops.</summary>
    private const int MaxHops = 16;

    /// <summary>Goes on to the next question, or to the end. What is known already is not asked.</summary>
    public GuardResult Next(GuardInquiry inquiry)
    {
        while (inquiry.TryTake(out PendingQuestion? pending))
        {
            inquiry.Current = pending;
            if (pending!.Question.Kind != GuardQuestionKind.Container || Known(pending) is not { } verdict)
                return GuardResult.Ask(inquiry);
            if (Refusal(inquiry, pending, verdict, pending.Question.Target) is { } refusal)
                return refusal;
        }

        if (inquiry.Refusal is { } refused)
            return refused;
        byte[]? body = inquiry.Edits.Count > 0 ? BodyFilter.Apply(inquiry.Body, inquiry.Edits) : null;
        return GuardResult.PassWith(body, inquiry.Warnings, inquiry.TargetEdit);
    }

    /// <summary>Judges an answer to the question that was handed out.</summary>
    /// <param name="inquiry">The conversation.</param>
    /// <param name="status">The status of the answer, or 0.</param>
    /// <param name="answer">The body of the answer.</param>
    public GuardResult Judge(GuardInquiry inquiry, int status, ReadOnlySpan<byte> answer)
    {
        PendingQuestion pending = inquiry.Current!;
        bool isRead = StrictJson.Read(answer, tape, out _) == JsonDefect.None;
        var json = isRead ? new JsonView(answer, tape) : default;
        if (status == 404)
            return Missing(pending, isRead ? json.StringOf(json.Find(0, "message"u8)) : null) ?? Next(inquiry);
        if (status != 200 || !isRead || json.KindOf(0) != JsonTokenType.StartObject)
            return Unanswered(pending, status);
        GuardResult? refusal = pending.Purpose switch
        {
            InquiryPurpose.ExecStart => Exec(inquiry, pending, json),
            InquiryPurpose.UseVolume => UsedVolume(pending, json),
            InquiryPurpose.EnterVolume => EnteredVolume(pending, json),
            InquiryPurpose.IsHostNetwork => HostNetwork(inquiry, pending, json),
            InquiryPurpose.Rollback => Rollback(inquiry, pending, json),
            InquiryPurpose.UseKeptCredentials => ServiceJudge.KeptCredentials(pending, json),
            InquiryPurpose.UseNetworkConfig => NetworkConfig(pending, json),
            _ => Container(inquiry, pending, json),
        };
        return refusal ?? Next(inquiry);
    }

    private static GuardResult Unanswered(PendingQuestion pending, int status) => GuardResult.Refuse(503, GuardText.Unanswered(pending.Question, status));

    private static GuardResult Refuse(GuardPower power, string finding) => GuardResult.Refuse(403, GuardText.Line(finding), power);

    private static GuardResult RefuseSelf(string field) =>
        GuardResult.Refuse(403, GuardText.Line(GuardText.Self(field, SelfMatch.Yes)), GuardPower.Self, holdsUnderAudit: true);

    /// <summary>What the engine's 404 means: a volume that does not exist yet will be an ordinary one; a container that does not exist now
    /// may exist when the call arrives, so the call is answered here as the engine would.</summary>
    private static GuardResult? Missing(PendingQuestion pending, string? message) => pending.Purpose switch
    {
        InquiryPurpose.UseVolume or InquiryPurpose.IsHostNetwork => null,
        InquiryPurpose.EnterVolume => Refuse(GuardPower.Entering, $"{pending.Field} may not be entered: its volume {pending.Question.Target} is gone"),
        _ when pending.Hop > 0 => Refuse(
            GuardPower.HostNamespaces, $"{pending.Field} needs ALLOW_HOST_NAMESPACES=1: it leads to container {pending.Question.Target}, which is gone"),
        _ => GuardResult.Refuse(404, message ?? $"No such object: {pending.Question.Target}"),
    };

    /// <summary>A verdict that may be used without asking: one by full id, unless a name could open the container.</summary>
    private ContainerVerdict? Known(PendingQuestion pending) =>
        known.Find(pending.Question.Target) is { } verdict && (pending.Purpose == InquiryPurpose.Start || verdict.IsClean || settings.AllowEnter.IsEmpty) ? verdict : null;

    private GuardResult? Container(GuardInquiry inquiry, PendingQuestion pending, JsonView json)
    {
        if (TargetRules.Container(json, settings, scratch) is not { } verdict)
            return Unanswered(pending, 200);
        known.Keep(verdict);
        return Refusal(inquiry, pending, verdict, TargetRules.NameOf(json) ?? verdict.Id);
    }

    private GuardResult? Refusal(GuardInquiry inquiry, PendingQuestion pending, ContainerVerdict verdict, string name)
    {
        if (self is not null && verdict.Id == self.Id)
            return RefuseSelf(pending.Field);
        Replace(inquiry, pending.Edit, verdict.Id);
        return pending.Purpose switch
        {
            InquiryPurpose.IsSelf => null,
            InquiryPurpose.Start => verdict.EndsEngine
                ? Refuse(GuardPower.EngineHarm, $"container {JsonView.Shorten(name)} is never started: its health check is one word without a command, which ends the engine")
                : null,
            InquiryPurpose.ShareNetwork => Shared(inquiry, pending, verdict.HasHostNetwork, verdict.NetworkOf, "network"),
            // Who shares its processes has its files by /proc/PID/root, and may trace what has no more capabilities.
            InquiryPurpose.SharePids => Shared(inquiry, pending, verdict.HasHostPids, verdict.PidsOf, "processes") ?? Entered(inquiry, pending, verdict, name),
            // Who shares its memory speaks to its processes, and on SELinux the engine gives the sharer its label.
            InquiryPurpose.ShareIpc => Shared(inquiry, pending, verdict.HasHostIpc, verdict.IpcOf, "IPC space") ?? Entered(inquiry, pending, verdict, name),
            InquiryPurpose.TakeVolumes => MountsEntered(inquiry, pending, verdict, name, verdict.MountGrounds),
            _ => Entered(inquiry, pending, verdict, name),
        };
    }

    /// <summary>A container whose namespace is shared: it must not be the host's, nor lead there.</summary>
    private GuardResult? Shared(GuardInquiry inquiry, PendingQuestion pending, bool isHosts, string? next, string what)
    {
        if (!settings.AllowHostNamespaces && (isHosts || pending.Hop == MaxHops))
            return Refuse(
                GuardPower.HostNamespaces,
                $"{pending.Field} needs ALLOW_HOST_NAMESPACES=1: container {JsonView.Shorten(pending.Question.Target)} has the host's {what}");
        if (next is null || pending.Hop == MaxHops)
            return null;
        return Follow(inquiry, pending.Purpose, pending.Field, next, pending.Hop + 1);
    }

    private GuardResult? Follow(GuardInquiry inquiry, InquiryPurpose purpose, string field, string next, int hop)
    {
        if (!PlainNames.IsObjectName(next))
            return Refuse(GuardPower.HostNamespaces, $"{field} needs ALLOW_HOST_NAMESPACES=1: it leads to a container that cannot be asked about");
        inquiry.Add(new PendingQuestion(GuardQuestion.Container(next), purpose, field, hop));
        return null;
    }

    /// <summary>A container that is to be entered: what it holds, and whose namespaces it shares.</summary>
    private GuardResult? Entered(GuardInquiry inquiry, PendingQuestion pending, ContainerVerdict verdict, string name)
    {
        if (IsOpen(verdict, name))
            return null;
        if (MountsEntered(inquiry, pending, verdict, name, verdict.Grounds) is { } refusal)
            return refusal;
        string field = FieldOf(pending, name);
        return (verdict.NetworkOf is { } network ? Follow(inquiry, InquiryPurpose.ShareNetwork, field, network, 1) : null)
            ?? (verdict.PidsOf is { } pids && pending.Purpose != InquiryPurpose.SharePids ? Follow(inquiry, InquiryPurpose.SharePids, field, pids, 1) : null)
            ?? (verdict.IpcOf is { } ipc && pending.Purpose != InquiryPurpose.ShareIpc ? Follow(inquiry, InquiryPurpose.ShareIpc, field, ipc, 1) : null);
    }

    /// <summary>What a container holds on these grounds, and what its volumes are made of.</summary>
    private GuardResult? MountsEntered(
        GuardInquiry inquiry, PendingQuestion pending, ContainerVerdict verdict, string name, IReadOnlyList<string> grounds)
    {
        if (IsOpen(verdict, name))
            return null;
        string field = FieldOf(pending, name);
        if (grounds.Count > 0)
            return NotEntered(field, name, string.Join(", ", grounds));
        foreach (MountedVolume volume in verdict.Volumes)
        {
            if (settings.AllowVolumes.Contains(volume.Name))
                continue;
            if (!PlainNames.IsObjectName(volume.Name))
                return NotEntered(field, name, "a volume whose name cannot be asked about");
            inquiry.Add(new PendingQuestion(GuardQuestion.Volume(volume.Name), InquiryPurpose.EnterVolume, field, Detail: volume.Source));
        }

        return null;
    }

    private bool IsOpen(ContainerVerdict verdict, string name) =>
        settings.AllowEnterAll || settings.AllowEnter.Contains(name) || settings.AllowEnter.Contains(verdict.Id);

    /// <summary>The container as a refusal names it, behind the field of the body that leads to it.</summary>
    private static string FieldOf(PendingQuestion pending, string name) => pending.Purpose is InquiryPurpose.TakeVolumes or InquiryPurpose.SharePids or InquiryPurpose.ShareIpc
        ? $"{pending.Field}: container {JsonView.Shorten(name)}"
        : "container " + JsonView.Shorten(name);

    private static GuardResult NotEntered(string field, string name, string grounds) =>
        Refuse(GuardPower.Entering, $"{field} may not be entered: {grounds}; ALLOW_ENTER={JsonView.Shorten(name)} opens it");

    private GuardResult? Exec(GuardInquiry inquiry, PendingQuestion pending, JsonView json)
    {
        string? container = json.StringOf(json.Find(0, "ContainerID"u8));
        JsonTokenType privileged = json.KindOf(json.Find(json.Find(0, "ProcessConfig"u8), "privileged"u8));
        if (container is null || !PlainNames.IsFullId(container))
            return Unanswered(pending, 200);
        if (self is not null && container == self.Id)
            return RefuseSelf("the exec's container");
        // Old engines leave the field out where it is false.
        if (privileged is not (JsonTokenType.False or JsonTokenType.Null or JsonTokenType.None) && !settings.AllowPrivileged)
            return Refuse(GuardPower.Privileged, "a privileged exec needs ALLOW_PRIVILEGED=1");
        if (!settings.AllowEnterAll)
            inquiry.Add(new PendingQuestion(GuardQuestion.Container(container), InquiryPurpose.Enter, "the exec's container"));
        return null;
    }

    private GuardResult? UsedVolume(PendingQuestion pending, JsonView json)
    {
        (bool isUnderstood, GuardFinding? finding) = TargetRules.VolumeToUse(json, pending.Question.Target, settings, pending.Field);
        if (!isUnderstood)
            return Unanswered(pending, 200);
        return finding is null ? null : Refuse(finding.Power, finding.Text);
    }

    private GuardResult? EnteredVolume(PendingQuestion pending, JsonView json)
    {
        var volume = new MountedVolume(pending.Question.Target, pending.Detail ?? "");
        (bool isUnderstood, string? ground) = TargetRules.VolumeToEnter(json, volume, settings);
        if (!isUnderstood)
            return Unanswered(pending, 200);
        return ground is null ? null : Refuse(GuardPower.Entering, $"{pending.Field} may not be entered: {ground}; ALLOW_VOLUMES={volume.Name} opens it");
    }

    /// <summary>The engine takes the start of an id for the id.</summary>
    private static GuardResult? HostNetwork(GuardInquiry inquiry, PendingQuestion pending, JsonView json)
    {
        if (json.StringOf(json.Find(0, "Id"u8)) is not { Length: > 0 } id)
            return Unanswered(pending, 200);
        GuardResult? refusal = null;
        foreach (PendingQuestion named in inquiry.TakeSame(pending.Question).Prepend(pending).ToList())
            if (id.StartsWith(named.Detail!, StringComparison.Ordinal))
                refusal ??= Refuse(GuardPower.HostNamespaces, $"{named.Field} {named.Detail} is the host's network and needs ALLOW_HOST_NAMESPACES=1");
        return refusal;
    }

    private GuardResult? Rollback(GuardInquiry inquiry, PendingQuestion pending, JsonView json)
    {
        Inspection inspection = Begin(json);
        return ServiceJudge.Rollback(inquiry, pending, ref inspection);
    }

    /// <summary>A configuration network: what is taken from it is judged as if it were sent.</summary>
    private GuardResult? NetworkConfig(PendingQuestion pending, JsonView json)
    {
        // The engine looks by name alone, and among configuration networks alone.
        string name = pending.Question.Target;
        if (json.StringOf(json.Find(0, "Name"u8)) != name || json.KindOf(json.Find(0, "ConfigOnly"u8)) != JsonTokenType.True)
            return GuardResult.Refuse(404, $"configuration network \"{name}\" does not exist");
        Inspection inspection = Begin(json);
        if (ShapeWalker.Walk(ref inspection, 0, NetworkCreateInspector.Shape) >= 0 || inspection.Questions is not null)
            return Unanswered(pending, 200);
        return inspection.Findings is { } findings
            ? GuardResult.Refuse(403, GuardText.Line([.. findings.Select(finding => finding with { Text = $"{pending.Field} {name}: {finding.Text}" })], inspection.MoreFindings), findings[0].Power)
            : null;
    }

    private Inspection Begin(JsonView json) => new() { Json = json, Settings = settings, Self = self, Scratch = scratch };

    private static void Replace(GuardInquiry inquiry, NameToReplace? place, string id)
    {
        if (place is null || place.Written == id)
            return;
        string text = place.Before + id + place.Behind;
        if (place.Place == RequestPart.Body)
            inquiry.Edits.Add(new BodyEdit(place.Start, place.Length, System.Text.Encoding.ASCII.GetBytes(text)));
        else
            inquiry.TargetEdit = new TargetEdit(place.Place == RequestPart.Query, place.Start, place.Length, text);
    }
}
