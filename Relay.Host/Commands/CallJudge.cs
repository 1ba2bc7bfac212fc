using System.Text;
using SocketRelay.Guard;
using SocketRelay.Http;
using SocketRelay.Policy;

namespace SocketRelay.Host.Commands;

/// <summary>What the relay would do with one call.</summary>
/// <param name="IsAllowed">Whether it would go to the engine, or be redirected to its clean path.</param>
/// <param name="Status">The status of the refusal or redirect; 0 where it goes to the engine.</param>
/// <param name="Rule">The switch, guard variable or defect that decided.</param>
/// <param name="Operation">The engine's operation, such as <c>POST /containers/create</c>; null where it knows none.</param>
/// <param name="Text">The refusal as the client would read it, or what an allowed call depends on, or where it is sent; null where there is nothing to say.</param>
internal sealed record CallVerdict(bool IsAllowed, int Status, string Rule, string? Operation, string? Text);

/// <summary>
/// Judges one call as a running relay does: the same parser, the same table, the same guard. Only the engine is not asked; where the guard
/// would ask it, the verdict says so.
/// </summary>
internal static class CallJudge
{
    /// <summary>Judges <paramref name="method"/> and <paramref name="target"/> with <paramref name="body"/>, null for none.</summary>
    public static CallVerdict Judge(HostOptions options, string method, string target, byte[]? body)
    {
        string framing = body is null ? "" : $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n";
        byte[] received = Encoding.UTF8.GetBytes($"{method} {target} HTTP/1.1\r\nHost: {HostOf(target)}\r\n{framing}\r\n");
        AclTable table = AclCompiler.Compile(options.Policy);
        MessageDefect defect = new RequestPlanner(table).Read(received, HeadLimits.Default, out RequestHead request, out RequestPlan plan, out _);
        ReadOnlySpan<byte> head = request.Bytes;
        if (defect != MessageDefect.None)
            return new CallVerdict(false, MessageDefects.StatusOf(defect), defect.ToString(), null, MessageDefects.TextOf(defect));
        string? operation = RouteTable.Find(plan.RouteId) is { } route ? $"{route.Method} {route.Pattern}" : null;
        string rule = table.RuleName(plan.Verdict);
        if (!plan.Verdict.IsAllowed)
        {
            string text = table.DenialText(plan.Verdict, request.MethodToken, request.Target.RawPath);
            return new CallVerdict(false, 403, rule, operation, text);
        }
        if (plan.Redirects)
        {
            string location = RedirectLocation.Of(request.Target);
            return new CallVerdict(true, 301, rule, operation, $"the client is sent to {location}, as by the engine; check that for what comes of it");
        }
        GuardResult guard = options.Guard.Enabled ? AskGuard(options.Guard with { AuditOnly = options.AuditOnly }, plan, head, body) : GuardResult.Pass;
        return guard.Outcome switch
        {
            GuardOutcome.Refuse => new CallVerdict(false, guard.Status, GuardPowers.VariableOf(guard.Power) ?? "guard", operation, guard.Text),
            GuardOutcome.Ask => new CallVerdict(true, 0, rule, operation,
                $"the guard asks the engine first (GET {guard.Question!.Path}) and refuses where the answer says that this reaches the host or ends the engine"),
            _ when guard.Warnings is not null => new CallVerdict(true, 0, rule, operation, (options.AuditOnly ? "AUDIT_ONLY=1 lets it pass as it is; else would be taken out: " : "with changes: ") + string.Join("; ", guard.Warnings)),
            _ when body is null && options.Guard.Enabled && Look(new BodyGuard(options.Guard), plan, head, BodyFraming.Chunked).Outcome == GuardOutcome.NeedsBody =>
                new CallVerdict(true, 0, rule, operation, "judged without a body; the guard looks into it: --body FILE"),
            _ => new CallVerdict(true, 0, rule, operation, null),
        };
    }

    // What a client sends as Host beside a whole URI; what is no host is the target's defect, not this field's.
    private static string HostOf(string target)
    {
        int scheme = target.IndexOf("://", StringComparison.Ordinal);
        string authority = scheme < 0 || target.StartsWith('/') ? "" : target[(scheme + 3)..].Split('/', '?')[0];
        return authority.Length > 0 && HttpCharacters.IsHostAndPort(Encoding.UTF8.GetBytes(authority)) ? authority : "check";
    }

    private static GuardResult AskGuard(GuardSettings settings, in RequestPlan plan, ReadOnlySpan<byte> head, byte[]? body)
    {
        BodyGuard guard = new(settings);
        GuardResult result = Look(guard, plan, head, plan.Framing);
        if (result.Outcome != GuardOutcome.NeedsBody)
            return result;
        return body!.Length > settings.BodyLimit
            ? GuardResult.Refuse(413, $"Refused by socketrelay: the body is longer than GUARD_BODY_LIMIT ({settings.BodyLimit} bytes); raise it, or send a shorter one")
            : guard.Inspect(plan.Guard, RequestOf(plan, head, plan.Framing), body);
    }

    private static GuardResult Look(BodyGuard guard, in RequestPlan plan, ReadOnlySpan<byte> head, BodyFraming framing) =>
        guard.Look(plan.Guard, RequestOf(plan, head, framing));

    private static GuardRequest RequestOf(in RequestPlan plan, ReadOnlySpan<byte> head, BodyFraming framing) => new()
    {
        Path = head.Slice(plan.PathStart, plan.PathLength),
        Name = head.Slice(plan.NameStart, plan.NameLength),
        Query = head.Slice(plan.QueryStart, plan.QueryLength),
        // A body that was not given is asked about as the JSON that clients send.
        ContentType = framing.HasBody ? "application/json"u8 : head.Slice(plan.ContentTypeStart, plan.ContentTypeLength),
        HasContentType = framing.HasBody || plan.HasContentType,
        HasContentEncoding = plan.HasContentEncoding,
        Framing = framing,
    };
}
