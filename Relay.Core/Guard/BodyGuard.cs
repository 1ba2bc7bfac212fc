using System.Text;
using System.Text.Json;
using SocketRelay.Http;
using SocketRelay.Policy;

namespace SocketRelay.Guard;

/// <summary>The door of the guard: it judges what a request asks for in query, body and named objects. It is pure: it asks nothing
/// itself, but says what to ask. One loop owns one guard, so it holds buffers and a bounded memory of judged containers without locks.
/// <code>
/// r = guard.Look(kind, request)                 before the body
/// if r.Outcome == NeedsBody  r = guard.Inspect(kind, request, body)
/// while r.Outcome == Ask     r = guard.Judge(r.Inquiry, status, answer)      GET r.Question.Path of the engine
/// Pass: forward (r.Body, r.TargetEdit, r.Warnings) | Refuse: answer r.Status with r.Text
/// </code></summary>
internal sealed class BodyGuard
{
    /// <summary>The API version 1.N from which on a read-only bind is read-only in all that is mounted below it.</summary>
    private const int FirstWithDeepReadOnly = 44;

    private readonly JsonTape _tape = new();
    private readonly char[] _scratch = new char[1024];
    private readonly JudgedContainers _judged = new();
    private GuardSettings _settings;

    /// <summary>A guard under these settings.</summary>
    public BodyGuard(GuardSettings settings)
    {
        _settings = settings;
    }

    /// <summary>The settings in force. What is learned of the engine later (data root, cgroup version) is set by <c>with</c>.</summary>
    public GuardSettings Settings
    {
        get => _settings;
        set
        {
            _settings = value;
            _judged.Clear();
        }
    }

    /// <summary>The relay's own container, or null while it is not known or not in a container.</summary>
    public SelfIdentity? Self { get; set; }

    /// <summary>
    /// True while the engine has not yet told which container the relay is: until it has, a call that could mean the relay is refused. The
    /// guard alone cannot know whether there is anything to wait for, so whoever asks the engine sets it.
    /// </summary>
    public bool AwaitsSelf { get; set; }

    private SelfIdentity? ProtectedSelf => _settings.ProtectSelf ? Self : null;

    private InquiryJudge Judges => new(_settings, ProtectedSelf, _judged, _tape, _scratch);

    /// <summary>Judges what stands in the head: media type, encoding, query, name. For every route, guarded or not (forms are refused on all).</summary>
    /// <param name="kind">The guard of the route.</param>
    /// <param name="request">Slices of the head.</param>
    public GuardResult Look(GuardKind kind, in GuardRequest request) => ContainerStartInspector.IsUnread(kind, request.Framing)
        ? LookAtWhatIsRead(kind, request with { Framing = BodyFraming.None })
        : LookAtWhatIsRead(kind, request);

    private GuardResult LookAtWhatIsRead(GuardKind kind, in GuardRequest request)
    {
        // First, because under AUDIT_ONLY this holds where nothing behind it does.
        if (AwaitsSelf && _settings.ProtectSelf && MayMeanSelf(kind))
            return GuardResult.Refuse(503, GuardText.SelfNotKnown, GuardPower.Self, holdsUnderAudit: true);
        GuardResult form = MediaTypes.Judge(kind, request);
        if (kind is GuardKind.None or GuardKind.OtherWrite or GuardKind.VolumeRemove)
            return form;
        if (PowerOf(kind) is var power and not GuardPower.None)
            return form.Outcome != GuardOutcome.Pass || GuardPowers.IsOpen(power, _settings)
                ? form
                : GuardResult.Refuse(403, GuardText.Line(GuardText.Operation(kind, Encoding.UTF8.GetString(request.Path), power)), power);
        if (form.Outcome == GuardOutcome.Pass && QueryInspector.WantsPlain(kind) && !QueryReader.IsPlain(request.Query))
            form = GuardResult.Refuse(400, "Refused by socketrelay: the query has a ; or a bad % escape, which engines read differently");
        if (form.Outcome != GuardOutcome.Pass)
            return RefuseUnread(kind, request, form);
        if (request.HasBody && ShapeOf(kind) is not null)
            return GuardResult.NeedsBody;
        Inspection inspection = Begin();
        return Conclude(ref inspection, kind, request, default);
    }

    /// <summary>Judges a body after <see cref="Look"/> said <see cref="GuardOutcome.NeedsBody"/>.</summary>
    /// <param name="kind">The guard of the route.</param>
    /// <param name="request">The same slices again.</param>
    /// <param name="body">The whole message body, transfer coding removed; at most <see cref="GuardSettings.BodyLimit"/> bytes.</param>
    public GuardResult Inspect(GuardKind kind, in GuardRequest request, ReadOnlySpan<byte> body)
    {
        if (body.Length > _settings.BodyLimit)
            return RefuseUnread(kind, request, GuardResult.Refuse(413, $"Refused by socketrelay: the body has more than GUARD_BODY_LIMIT={_settings.BodyLimit} bytes"));
        if (ShapeOf(kind) is not { } shape)
            return RefuseUnread(
                kind, request, GuardResult.Refuse(403, GuardText.Line("a body that the guard does not know how to judge"), GuardPower.UnknownKind));
        Inspection inspection = Begin(
            mayTakeOut: kind == GuardKind.ContainerCreate,
            // The engine sets this default for creates alone.
            isReadOnlyShallow: kind == GuardKind.ContainerCreate && !_settings.EngineIsBefore25 && ApiVersion.IsBelow(request.Path, FirstWithDeepReadOnly));
        inspection.UsesKeptCredentials = kind == GuardKind.ServiceUpdate && !request.HasRegistryAuth && !_settings.AllowRegistryCredentials;
        if (body.IsEmpty)
            return Conclude(ref inspection, kind, request, body);
        JsonDefect defect = StrictJson.Read(body, _tape, out int offset);
        if (defect != JsonDefect.None)
            return RefuseUnread(kind, request, GuardResult.Refuse(400, GuardText.Defect(defect, offset)));
        var json = new JsonView(body, _tape);
        // To the engine null is an object without members.
        if (json.KindOf(0) is not (JsonTokenType.StartObject or JsonTokenType.Null))
            return RefuseUnread(kind, request, GuardResult.Refuse(400, "Refused by socketrelay: the JSON body of this call must be an object"));
        inspection.Json = json;
        int twice = ShapeWalker.Walk(ref inspection, 0, shape);
        if (twice >= 0)
            return RefuseUnread(kind, request, GuardResult.Refuse(400, GuardText.Defect(JsonDefect.DuplicateName, json[twice].NameStart, json.PathOf(twice))));
        if (kind == GuardKind.VolumeCreate)
            VolumeCreateInspector.Inspect(ref inspection);
        else if (kind == GuardKind.ContainerStart)
            ContainerStartInspector.Inspect(ref inspection);
        return Conclude(ref inspection, kind, request, body);
    }

    /// <summary>Whether a request must be refused, under AUDIT_ONLY too, where its body is not gathered (too long, no memory): it may name the relay.</summary>
    public bool HoldsUnread(GuardKind kind) => ProtectedSelf is not null && MayNameSelfBesidePath(kind);

    /// <summary>Judges the engine's answer to <see cref="GuardInquiry.Question"/>; may ask on.</summary>
    /// <param name="inquiry">The conversation, from the result that asked.</param>
    /// <param name="status">The status of the answer, or 0 if there was none (no connection, deadline, broken or too long).</param>
    /// <param name="answer">The whole body of the answer.</param>
    public GuardResult Judge(GuardInquiry inquiry, int status, ReadOnlySpan<byte> answer) => Judges.Judge(inquiry, status, answer);

    /// <summary>The power behind a whole route, or None where it depends on what is asked.</summary>
    private static GuardPower PowerOf(GuardKind kind) => kind switch
    {
        GuardKind.PluginWrite => GuardPower.Privileged,
        GuardKind.SwarmMembership => GuardPower.SwarmMembership,
        GuardKind.SwarmTokens => GuardPower.SwarmTokens,
        GuardKind.UnknownWrite => GuardPower.UnknownWrites,
        _ => GuardPower.None,
    };

    /// <summary>Whether a call of this kind can name the relay's container or a volume of it, in path, query or body.</summary>
    private static bool MayMeanSelf(GuardKind kind) => kind
        is not (GuardKind.None or GuardKind.OtherWrite or GuardKind.VolumeRemove or GuardKind.PluginWrite or GuardKind.SwarmMembership
            or GuardKind.SwarmTokens or GuardKind.UnknownWrite or GuardKind.ContainerTop or GuardKind.ImageCreate or GuardKind.ImageSearch or GuardKind.VolumeCreate or GuardKind.NetworkCreate or GuardKind.Secret or GuardKind.Config);

    /// <summary>Whether a call of this kind can name the relay's container or a volume of it in its query or body (start: in the HostConfig of old engines).</summary>
    private static bool MayNameSelfBesidePath(GuardKind kind) => kind is GuardKind.ContainerCreate or GuardKind.ContainerStart or GuardKind.Commit
        or GuardKind.Build or GuardKind.NetworkConnect or GuardKind.NetworkDisconnect or GuardKind.ServiceCreate or GuardKind.ServiceUpdate;

    /// <summary>The table of a route's body, or null if its body is not read.</summary>
    private static ObjectShape? ShapeOf(GuardKind kind) => kind switch
    {
        GuardKind.ContainerCreate => ContainerCreateInspector.Shape,
        GuardKind.ContainerUpdate => ContainerUpdateInspector.Shape,
        GuardKind.ContainerStart => ObjectShape.Unknown,
        GuardKind.Commit => CommitInspector.Shape,
        GuardKind.ContainerCheckpoint => CheckpointInspector.Shape,
        GuardKind.ExecCreate => ExecCreateInspector.Shape,
        GuardKind.VolumeCreate => VolumeCreateInspector.Shape,
        GuardKind.NetworkCreate => NetworkCreateInspector.Shape,
        GuardKind.NetworkConnect or GuardKind.NetworkDisconnect => NetworkConnectInspector.Shape,
        GuardKind.ServiceCreate or GuardKind.ServiceUpdate => ServiceSpecInspector.Shape,
        GuardKind.Secret or GuardKind.Config => SecretSpecInspector.Shape,
        _ => null,
    };

    private Inspection Begin(bool mayTakeOut = false, bool isReadOnlyShallow = false) =>
        new() { Settings = _settings, Self = ProtectedSelf, Scratch = _scratch, MayTakeOut = mayTakeOut, IsReadOnlyShallow = isReadOnlyShallow };

    /// <summary>A refusal of what is not read any further. Under AUDIT_ONLY it is only logged, so the relay is looked for all the same: in the
    /// path by its name, and where it may stand in what is not read, the refusal holds.</summary>
    private GuardResult RefuseUnread(GuardKind kind, in GuardRequest request, GuardResult refusal)
    {
        if (ProtectedSelf is null)
            return refusal;
        Inspection inspection = Begin();
        TargetNames.Inspect(ref inspection, kind, request);
        inspection.MayHideSelf = MayNameSelfBesidePath(kind);
        return Settle(ref inspection, default, refusal);
    }

    /// <summary>Judges query and name, and puts all that was found together.</summary>
    private GuardResult Conclude(ref Inspection inspection, GuardKind kind, in GuardRequest request, ReadOnlySpan<byte> body)
    {
        if (!request.Query.IsEmpty)
            QueryInspector.Inspect(ref inspection, kind, request.Query);
        TargetNames.Inspect(ref inspection, kind, request);
        return Settle(ref inspection, body, null);
    }

    private GuardResult Settle(ref Inspection inspection, ReadOnlySpan<byte> body, GuardResult? refusal)
    {
        if (inspection.Findings is { } findings)
        {
            bool isSelf = findings.Any(finding => finding.Power == GuardPower.Self);
            if (isSelf || refusal is null)
                refusal = GuardResult.Refuse(
                    403, GuardText.Line(findings, inspection.MoreFindings), findings[0].Power, isSelf);
        }

        if (refusal is { } refused)
        {
            if (inspection.MayHideSelf && ProtectedSelf is not null)
                return refused.HoldingUnderAudit();
            if (refused.HoldsUnderAudit || !_settings.AuditOnly || ProtectedSelf is null || inspection.Questions is null)
                return refused;
        }

        if (inspection.Questions is null)
            return inspection.Edits is null
                ? GuardResult.Pass
                : GuardResult.PassWith(BodyFilter.Apply(body, inspection.Edits), inspection.Warnings, null);
        bool changesBody = inspection.Edits is not null || inspection.Questions.Any(question => question.Edit?.Place == RequestPart.Body);
        var inquiry = new GuardInquiry { Body = changesBody ? body.ToArray() : null, Warnings = inspection.Warnings, Refusal = refusal };
        inquiry.Edits.AddRange(inspection.Edits ?? []);
        foreach (PendingQuestion question in inspection.Questions)
            inquiry.Add(question);
        return Judges.Next(inquiry);
    }
}
