namespace SocketRelay.Guard;

/// <summary>The inspection of one body or query: what the tests may look at and where they put what they find. Nothing is allocated
/// until something is found.</summary>
internal ref struct Inspection
{
    /// <summary>Different volumes that one request may name: each is one question to the engine.</summary>
    private const int MaxQuestions = 64;

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

    /// <summary>Whether the query asks for a service's previous spec.</summary>
    public bool WantsRollback { get; set; }

    /// <summary>What was found, or null.</summary>
    public readonly IReadOnlyList<GuardFinding>? Findings => _findings;

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
    public void Refuse(GuardPower power, int value)
    {
        if (!GuardPowers.IsOpen(power, Settings))
            Add(power, GuardText.Refusal(Json.PathOf(value), power));
    }

    /// <summary>Refuses one value of a field that a list opens; the caller has found that the list does not.</summary>
    /// <param name="power">The power, which has a list variable.</param>
    /// <param name="value">The node.</param>
    /// <param name="opener">What would have to stand in the list.</param>
    public void RefuseValue(GuardPower power, int value, string opener) =>
        Add(power, $"{Json.PathOf(value)} {Json.Shown(value)} needs {GuardPowers.VariableOf(power)}={opener}");

    /// <summary>Refuses a field that nothing opens.</summary>
    /// <param name="power">The power.</param>
    /// <param name="value">The node.</param>
    /// <param name="why">Why, in a few words.</param>
    public void RefuseAlways(GuardPower power, int value, string why) =>
        Add(power, $"{Json.PathOf(value)} {Json.Shown(value)} is never allowed ({why})");

    /// <summary>Refuses a value of a JSON type that its field cannot have.</summary>
    public void RefuseType(int value) => Add(GuardPower.UnknownKind, $"{Json.PathOf(value)} is never allowed (a JSON type that the field cannot have)");

    /// <summary>Refuses what means the relay itself.</summary>
    public void RefuseSelf(string field) => Add(GuardPower.Self, GuardText.Self(field));

    /// <summary>Adds a finding.</summary>
    public void Add(GuardPower power, string text) => (_findings ??= []).Add(new GuardFinding(power, text));

    /// <summary>Adds a change of the body with the lines that tell of it.</summary>
    public void Edit(BodyEdit edit, IEnumerable<string> warnings)
    {
        (_edits ??= []).Add(edit);
        (_warnings ??= []).AddRange(warnings);
    }

    /// <summary>Adds a question; one that is already there is asked once.</summary>
    public void Ask(PendingQuestion question)
    {
        _questions ??= [];
        foreach (PendingQuestion known in _questions)
            if (known.Question == question.Question && known.Purpose == question.Purpose && known.Detail == question.Detail && question.Edit is null)
                return;
        if (_questions.Count == MaxQuestions)
            Add(GuardPower.UnknownKind, $"{question.Field} is never allowed (more than {MaxQuestions} objects of the engine are named)");
        else
            _questions.Add(question);
    }

    /// <summary>Judges the name of a container that must not be the relay.</summary>
    /// <param name="name">The name, id or id prefix.</param>
    /// <param name="field">What named it.</param>
    public void KeepFromSelf(ReadOnlySpan<char> name, string field)
    {
        switch (Self?.Match(name))
        {
            case SelfMatch.Yes:
                RefuseSelf(field);
                break;
            case SelfMatch.ByPrefix:
                Ask(new PendingQuestion(GuardQuestion.Container(name.TrimStart('/').ToString()), InquiryPurpose.IsSelf, field));
                break;
        }
    }
}
