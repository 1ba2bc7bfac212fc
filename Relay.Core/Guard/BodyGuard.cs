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
    /// <summary>A guard under these settings.</summary>
    public BodyGuard(GuardSettings settings)
    {
        Settings = settings;
    }

    /// <summary>The settings in force. What is learned of the engine later (data root, cgroup version) is set by <c>with</c>.</summary>
    public GuardSettings Settings { get; set; }

    /// <summary>The relay's own container, or null while it is not known or not in a container.</summary>
    public SelfIdentity? Self { get; set; }

    /// <summary>Judges what stands in the head: media type, encoding, query, name. For every route, guarded or not (forms are refused on all).</summary>
    /// <param name="kind">The guard of the route.</param>
    /// <param name="request">Slices of the head.</param>
    public GuardResult Look(GuardKind kind, in GuardRequest request) => kind == GuardKind.None ? GuardResult.Pass : GuardResult.Refuse(503, "not built");

    /// <summary>Judges a body after <see cref="Look"/> said <see cref="GuardOutcome.NeedsBody"/>.</summary>
    /// <param name="kind">The guard of the route.</param>
    /// <param name="request">The same slices again.</param>
    /// <param name="body">The whole message body, transfer coding removed; at most <see cref="GuardSettings.BodyLimit"/> bytes.</param>
    public GuardResult Inspect(GuardKind kind, in GuardRequest request, ReadOnlySpan<byte> body) => GuardResult.Refuse(503, "not built");

    /// <summary>Judges the engine's answer to <see cref="GuardInquiry.Question"/>; may ask on.</summary>
    /// <param name="inquiry">The conversation, from the result that asked.</param>
    /// <param name="status">The status of the answer, or 0 if there was none (no connection, deadline, broken or too long).</param>
    /// <param name="answer">The whole body of the answer.</param>
    public GuardResult Judge(GuardInquiry inquiry, int status, ReadOnlySpan<byte> answer) => GuardResult.Refuse(503, "not built");
}
