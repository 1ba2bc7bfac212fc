namespace SocketRelay.Guard;

/// <summary>The inspection of one body or query: what the tests may look at and where they put what they find. Nothing is allocated
/// until something is found.</summary>
internal ref struct Inspection
{
    /// <summary>Different objects that one request may name: each is one question to the engine.</summary>
    private const int MaxQuestions = 64;

    /// <summary>Findings that are written out; further ones are only counted, so that a body full of them costs no more than its length.</summary>
    private const int MaxFindings = 12;

    private int _uncounted;
    private bool _asksTooMuch;

    private List<GuardFinding>? _findings;
    private List<BodyEdit>? _edits;
    private List<string>? _warnings;
    private List<PendingQuestion>? _questions;

    /// <summary>The body.</summary>
    public JsonView Json { get; set; }

    /// <summary>Room for the text of one value at a time.</summary>
    public char[] Scratch { get; init; }

    /// <summary>The settings in force.</summary>
    public GuardSettings Settings { get; init; }

    /// <summary>The relay's own container where it is protected, else null.</summary>
    public SelfIdentity? Self { get; init; }

    /// <summary>Whether host mounts of a HostConfig object may be taken out instead of refused: a container create.</summary>
    public bool MayTakeOut { get; init; }

    /// <summary>Whether the engine leaves what is mounted below a read-only bind of this request writable, for the API version in its path.</summary>
    public bool IsReadOnlyShallow { get; init; }

    /// <summary>Whether the query asks for a service's previous spec.</summary>
    public bool WantsRollback { get; set; }

    /// <summary>Whether the image of a service that the body holds would be pulled with the credentials that the engine keeps for the service.</summary>
    public bool UsesKeptCredentials { get; set; }

    /// <summary>The registry of that image, or null where there is none.</summary>
    public string? Registry { get; set; }

    /// <summary>What was found, or null.</summary>
    public readonly IReadOnlyList<GuardFinding>? Findings => _findings;

    /// <summary>How many findings there are beyond those that were written out.</summary>
    public readonly int MoreFindings => _uncounted;

    /// <summary>Whether more objects are named than are asked about. The request is refused then, so nobody need ask for more.</summary>
    public readonly bool AsksTooMuch => _asksTooMuch;

    /// <summary>Whether what is not looked at may name the relay: the refusal holds under AUDIT_ONLY too.</summary>
    public bool MayHideSelf { get; set; }

    /// <summary>What will be changed in the body, or null.</summary>
    public readonly IReadOnlyList<BodyEdit>? Edits => _edits;

    /// <summary>What the answer will tell about those changes, or null.</summary>
    public readonly IReadOnlyList<string>? Warnings => _warnings;

    /// <summary>What has to be asked first, or null.</summary>
    public readonly IReadOnlyList<PendingQuestion>? Questions => _questions;

    /// <summary>The characters of a string value; valid until the next call.</summary>
    public readonly ReadOnlySpan<char> TextOf(int value) => Json.TextOf(value, Scratch);

    /// <summary>The characters of a member's name; valid until the next call.</summary>
    public readonly ReadOnlySpan<char> NameOf(int node) => Json.NameOf(node, Scratch);

    /// <summary>Refuses a field as a whole unless its power is open.</summary>
    /// <param name="power">The power.</param>
    /// <param name="value">The node.</param>
    /// <param name="unless">What may take the finding away, from <see cref="GuardText.Unless"/>.</param>
    public void Refuse(GuardPower power, int value, string unless = "")
    {
        if (!GuardPowers.IsOpen(power, Settings) && HasRoom())
            Put(power, GuardText.Refusal(Json.PathOf(value), power) + unless);
    }

    /// <summary>Refuses a value for what was found about it.</summary>
    /// <param name="value">The node.</param>
    /// <param name="finding">The power, and the text behind the place of the value.</param>
    public void Refuse(int value, GuardFinding finding)
    {
        if (HasRoom())
            Put(finding.Power, $"{Json.PathOf(value)} {finding.Text}");
    }

    /// <summary>Refuses one value of a field that a list opens; the caller has found that the list does not.</summary>
    /// <param name="power">The power, which has a list variable.</param>
    /// <param name="value">The node.</param>
    /// <param name="opener">What would have to stand in the list.</param>
    /// <param name="unless">What may take the finding away, from <see cref="GuardText.Unless"/>.</param>
    public void RefuseValue(GuardPower power, int value, scoped ReadOnlySpan<char> opener, string unless = "")
    {
        if (HasRoom())
            Put(power, $"{Json.PathOf(value)} {Json.Shown(value)} needs {GuardPowers.VariableOf(power)}={JsonView.Shorten(opener.ToString())}{unless}");
    }

    /// <summary>Refuses a field that nothing opens.</summary>
    /// <param name="power">The power.</param>
    /// <param name="value">The node.</param>
    /// <param name="why">Why, in a few words.</param>
    public void RefuseAlways(GuardPower power, int value, string why)
    {
        if (HasRoom())
            Put(power, $"{Json.PathOf(value)} {Json.Shown(value)} is never allowed ({why})");
    }

    /// <summary>Refuses a value of a JSON type that its field cannot have.</summary>
    public void RefuseType(int value)
    {
        if (HasRoom())
            Put(GuardPower.UnknownKind, $"{Json.PathOf(value)} is never allowed (a JSON type that the field cannot have)");
    }

    /// <summary>Refuses a host path that nothing opens.</summary>
    /// <param name="power">HostPaths or EngineSocket.</param>
    /// <param name="value">The node that holds the path.</param>
    /// <param name="source">The path as sent.</param>
    /// <param name="path">The path after <see cref="HostPaths.Clean"/>.</param>
    /// <param name="readOnly">Whether the mount is read-only.</param>
    /// <param name="shared">Whether mounts below it are passed on to the host.</param>
    /// <param name="why">What stands behind the opener, or nothing.</param>
    public void RefusePath(GuardPower power, int value, string source, string path, bool readOnly, bool shared, string why = "")
    {
        if (HasRoom())
            Put(power, $"{Json.PathOf(value)} {JsonView.Shorten(source)} {GuardText.PathOpener(path, readOnly, shared)}{why}");
    }

    /// <summary>Refuses a volume of the relay. What means the relay is told even behind many other findings, because it holds where they do not.</summary>
    public void RefuseSelfVolume(scoped ReadOnlySpan<char> name)
    {
        if (!HasSelf)
            Put(GuardPower.Self, GuardText.Self($"{name}, a volume,", SelfMatch.Yes));
    }

    /// <summary>Refuses a change of the service that the relay is a task of, or the end of the swarm that runs it.</summary>
    /// <param name="field">What is to be changed.</param>
    public void RefuseSelfService(string field)
    {
        if (!HasSelf)
            Put(GuardPower.Self, GuardText.SelfService(field));
    }

    /// <summary>Adds a finding, or counts it where enough are written out.</summary>
    public void Add(GuardPower power, string text)
    {
        if (HasRoom())
            Put(power, text);
    }

    /// <summary>Adds a change of the body with the lines that tell of it.</summary>
    public void Edit(BodyEdit edit, IEnumerable<string> warnings)
    {
        (_edits ??= []).Add(edit);
        (_warnings ??= []).AddRange(warnings);
    }

    /// <summary>Adds a question about what a field names; one that is already there is asked once.</summary>
    /// <param name="value">The node of the field.</param>
    /// <param name="question">What to ask.</param>
    /// <param name="purpose">Why.</param>
    /// <param name="edit">Where a container's name stands that its id will replace, or null.</param>
    /// <param name="detail">What the purpose needs besides.</param>
    public void Ask(int value, GuardQuestion question, InquiryPurpose purpose, NameToReplace? edit = null, string? detail = null)
    {
        // Where a value stands is counted from the first element: only for what is kept.
        if (IsToBeAsked(question, purpose, edit, detail))
            (_questions ??= []).Add(new PendingQuestion(question, purpose, Json.PathOf(value), Edit: edit, Detail: detail));
    }

    /// <summary>Adds a question; one that is already there is asked once.</summary>
    public void Ask(PendingQuestion question)
    {
        if (IsToBeAsked(question.Question, question.Purpose, question.Edit, question.Detail))
            (_questions ??= []).Add(question);
    }

    /// <summary>Refuses the name of a container that is the relay, or that may be it and cannot be asked about.</summary>
    /// <param name="name">The name, id or id prefix.</param>
    /// <param name="field">What named it.</param>
    /// <returns>Whether it was refused.</returns>
    public bool IsRefusedAsSelf(scoped ReadOnlySpan<char> name, string field)
    {
        SelfMatch match = MatchSelf(name);
        if (!IsRefused(match))
            return false;
        if (!HasSelf)
            Put(GuardPower.Self, GuardText.Self(field, match));
        return true;
    }

    /// <summary>Refuses the name of a container in the body that is the relay, or that may be it and cannot be asked about.</summary>
    /// <param name="name">The name, id or id prefix.</param>
    /// <param name="value">The node that names it.</param>
    /// <returns>Whether it was refused.</returns>
    public bool IsRefusedAsSelf(scoped ReadOnlySpan<char> name, int value)
    {
        SelfMatch match = MatchSelf(name);
        if (!IsRefused(match))
            return false;
        if (!HasSelf)
            Put(GuardPower.Self, GuardText.Self(Json.PathOf(value), match));
        return true;
    }

    /// <summary>Judges the name of a container that must not be the relay. One that may be it goes on as the id that was judged.</summary>
    /// <param name="name">The name, id or id prefix.</param>
    /// <param name="field">What named it.</param>
    /// <param name="place">The part of the request where it stands.</param>
    /// <param name="start">First byte of it in that part.</param>
    /// <param name="length">Bytes of it there.</param>
    public void KeepFromSelf(scoped ReadOnlySpan<char> name, string field, RequestPart place, int start, int length)
    {
        if (!IsRefusedAsSelf(name, field) && MatchSelf(name) == SelfMatch.ByPrefix)
            Ask(new PendingQuestion(
                GuardQuestion.Container(name.TrimStart('/').ToString()), InquiryPurpose.IsSelf, field,
                Edit: new NameToReplace(place, start, length, name.ToString())));
    }

    /// <summary>Judges the name of a container, with which a string in the body starts, that must not be the relay. One that may be it goes
    /// on as the id that was judged.</summary>
    /// <param name="name">The name, id or id prefix.</param>
    /// <param name="value">The node of the string.</param>
    public void KeepFromSelf(scoped ReadOnlySpan<char> name, int value)
    {
        if (IsRefusedAsSelf(name, value) || AsksTooMuch || MatchSelf(name) != SelfMatch.ByPrefix)
            return;
        ref readonly TapeNode node = ref Json[value];
        // Such a name is ASCII, so it has as many bytes as characters; in an escaped text its end would have to be looked for.
        if (!node.ValueIsEscaped)
            Ask(value, GuardQuestion.Container(name.TrimStart('/').ToString()), InquiryPurpose.IsSelf,
                new NameToReplace(RequestPart.Body, node.Start + 1, name.Length, name.ToString()));
        else if (!HasSelf)
            Put(GuardPower.Self, GuardText.Self(Json.PathOf(value), SelfMatch.ByPrefix));
    }

    private readonly SelfMatch MatchSelf(scoped ReadOnlySpan<char> name) => Self?.Match(name) ?? SelfMatch.No;

    // Under AUDIT_ONLY every request goes on as it came, so no id can take the place of a name that may mean the relay a moment later.
    private readonly bool IsRefused(SelfMatch match) =>
        match is SelfMatch.Yes or SelfMatch.ByLink || (match == SelfMatch.ByPrefix && Settings.AuditOnly);

    private void Put(GuardPower power, string text) => (_findings ??= []).Add(new GuardFinding(power, text));

    private readonly bool HasSelf => _findings?.Exists(finding => finding.Power == GuardPower.Self) == true;

    private bool HasRoom()
    {
        if (_findings is null || _findings.Count < MaxFindings)
            return true;
        _uncounted++;
        return false;
    }

    private bool IsToBeAsked(GuardQuestion question, InquiryPurpose purpose, NameToReplace? edit, string? detail)
    {
        if (_asksTooMuch || Knows(question, purpose, edit, detail))
            return false;
        if (_questions is null || _questions.Count < MaxQuestions)
            return true;
        _asksTooMuch = MayHideSelf = true;
        if (HasRoom())
            Put(GuardPower.UnknownKind, $"a request that names more than {MaxQuestions} objects of the engine is never allowed (each is a question to it)");
        return false;
    }

    private bool Knows(GuardQuestion question, InquiryPurpose purpose, NameToReplace? edit, string? detail)
    {
        // Where a name is to be replaced, each place counts.
        if (edit is null && _questions is not null)
            foreach (PendingQuestion known in _questions)
                if (known.Purpose == purpose && known.Question == question && known.Detail == detail)
                    return true;
        return false;
    }
}
