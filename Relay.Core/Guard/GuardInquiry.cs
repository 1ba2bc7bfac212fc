namespace SocketRelay.Guard;

/// <summary>A conversation with the engine about one request: what was asked, what is still to ask, and what will be done with the
/// request when all answers are good. Made by <see cref="BodyGuard"/>; the session only carries it.</summary>
internal sealed class GuardInquiry
{
    private readonly Queue<PendingQuestion> _pending = new();

    /// <summary>What to ask next.</summary>
    public GuardQuestion Question => Current!.Question;

    /// <summary>The question that was handed out, with its purpose.</summary>
    internal PendingQuestion? Current { get; set; }

    /// <summary>The body as it came, if it will be changed; else null.</summary>
    internal byte[]? Body { get; init; }

    /// <summary>The changes to make to the body.</summary>
    internal List<BodyEdit> Edits { get; } = [];

    /// <summary>What the answer will tell about those changes, or null.</summary>
    internal IReadOnlyList<string>? Warnings { get; init; }

    /// <summary>The change to make to the request-target.</summary>
    internal TargetEdit? TargetEdit { get; set; }

    /// <summary>Under AUDIT_ONLY: how the request would be refused already, while it is asked whether the relay itself is meant; else null.</summary>
    internal GuardResult? Refusal { get; init; }

    /// <summary>Puts a question behind the others; one that already waits for the same purpose is asked once.</summary>
    internal void Add(PendingQuestion question)
    {
        if (!_pending.Contains(question))
            _pending.Enqueue(question);
    }

    /// <summary>Takes the next question, or says that there is none.</summary>
    internal bool TryTake(out PendingQuestion? question) => _pending.TryDequeue(out question);

    /// <summary>Takes the questions that the answer to <paramref name="question"/> settles as well.</summary>
    internal IEnumerable<PendingQuestion> TakeSame(GuardQuestion question)
    {
        for (int count = _pending.Count; count > 0; count--)
        {
            PendingQuestion pending = _pending.Dequeue();
            if (pending.Question == question && pending.Purpose == InquiryPurpose.IsHostNetwork)
                yield return pending;
            else
                _pending.Enqueue(pending);
        }
    }
}
