namespace SocketRelay.Guard;

/// <summary>What the guard says about a request. A passing request without changes costs no allocation.</summary>
internal readonly struct GuardResult
{
    /// <summary>What the session does next.</summary>
    public GuardOutcome Outcome { get; private init; }

    /// <summary>For <see cref="GuardOutcome.Refuse"/>: the status of the answer (400, 403, 404, 413, 415, 503).</summary>
    public int Status { get; private init; }

    /// <summary>For <see cref="GuardOutcome.Refuse"/>: the whole message for the answer and the access record, all findings in one line.
    /// It may hold text of the sender: escape it where it is written.</summary>
    public string? Text { get; private init; }

    /// <summary>For <see cref="GuardOutcome.Refuse"/>: the first power that was asked for; metrics count by it.</summary>
    public GuardPower Power { get; private init; }

    /// <summary>Whether this refusal protects the relay itself, and so holds under AUDIT_ONLY too.</summary>
    public bool HoldsUnderAudit { get; private init; }

    /// <summary>Whether it is refused only because the engine has not yet told which container the relay is.</summary>
    public bool AwaitsSelf => Outcome == GuardOutcome.Refuse && Status == 503 && Power == GuardPower.Self;

    /// <summary>For <see cref="GuardOutcome.Ask"/>: the conversation to hand to <see cref="BodyGuard.Judge"/>; it holds the question.</summary>
    public GuardInquiry? Inquiry { get; private init; }

    /// <summary>For <see cref="GuardOutcome.Ask"/>: what to ask the engine next.</summary>
    public GuardQuestion? Question => Inquiry?.Question;

    /// <summary>For <see cref="GuardOutcome.Pass"/>: the body to send in place of the one that came, with a Content-Length of its own,
    /// or null: the body goes on as it came. Not under AUDIT_ONLY.</summary>
    public byte[]? Body { get; private init; }

    /// <summary>For <see cref="GuardOutcome.Pass"/>: lines about what was taken out of the body, for the answer's <c>Warnings</c>
    /// (<see cref="BodyFilter.AddWarnings"/>) and the access record; null if nothing was.</summary>
    public IReadOnlyList<string>? Warnings { get; private init; }

    /// <summary>For <see cref="GuardOutcome.Pass"/>: the change of the request-target, or null. Not under AUDIT_ONLY.</summary>
    public TargetEdit? TargetEdit { get; private init; }

    /// <summary>Forward it as it came.</summary>
    public static GuardResult Pass => default;

    /// <summary>Gather the body first.</summary>
    public static GuardResult NeedsBody => new() { Outcome = GuardOutcome.NeedsBody };

    /// <summary>Forward it with these changes; any may be null.</summary>
    public static GuardResult PassWith(byte[]? body, IReadOnlyList<string>? warnings, TargetEdit? targetEdit) =>
        new() { Body = body, Warnings = warnings, TargetEdit = targetEdit };

    /// <summary>Answer it.</summary>
    public static GuardResult Refuse(int status, string text, GuardPower power = GuardPower.None, bool holdsUnderAudit = false) =>
        new() { Outcome = GuardOutcome.Refuse, Status = status, Text = text, Power = power, HoldsUnderAudit = holdsUnderAudit };

    /// <summary>The same refusal, to be held under AUDIT_ONLY too: what was not read may mean the relay.</summary>
    public GuardResult HoldingUnderAudit() => this with { HoldsUnderAudit = true };

    /// <summary>Ask the engine.</summary>
    public static GuardResult Ask(GuardInquiry inquiry) => new() { Outcome = GuardOutcome.Ask, Inquiry = inquiry };
}
