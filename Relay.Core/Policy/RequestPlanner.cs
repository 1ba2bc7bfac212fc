using SocketRelay.Http;

namespace SocketRelay.Policy;

/// <summary>
/// Head to <see cref="RequestPlan"/>: the only place where HTTP and policy meet. Pure and without allocation; one may serve all loops.
/// </summary>
/// <param name="table">The compiled policy.</param>
internal sealed class RequestPlanner(AclTable table)
{
    /// <summary>
    /// Plans a request.
    /// </summary>
    /// <param name="head">The parsed head; positions in the plan count from its beginning.</param>
    /// <param name="plan">The plan; where the path is defective it holds what is known of the head (method, path, framing) and
    /// denies.</param>
    /// <returns>What is wrong with the target: such a request is never forwarded, whatever the policy says.</returns>
    public MessageDefect Plan(in RequestHead head, out RequestPlan plan)
    {
        RequestTarget target = head.Target;
        ReadOnlySpan<byte> path = target.RawPath;
        ReadOnlySpan<byte> query = target.RawQuery;
        ReadOnlySpan<byte> contentType = head.ContentType;
        plan = new RequestPlan
        {
            Method = head.Method,
            Framing = head.Framing,
            KeepAlive = head.KeepAlive,
            IsHttp11 = head.IsHttp11,
            HasUpgrade = head.HasUpgrade,
            ExpectsContinue = head.ExpectsContinue,
            HasContentType = head.HasContentType,
            HasContentEncoding = head.HasContentEncoding,
            PathStart = path.IsEmpty ? 0 : target.PathStart,
            PathLength = path.Length,
            QueryStart = query.IsEmpty ? 0 : target.QueryStart,
            QueryLength = query.Length,
            ContentTypeStart = contentType.IsEmpty ? 0 : head.ContentTypeStart,
            ContentTypeLength = contentType.Length,
        };
        if (target.Form != RequestTargetForm.Origin)
            return MessageDefect.TargetNotOriginForm;

        MessageDefect defect = RoutedPath.TryRoute(table, head.Method, path, out RoutedPath routed);
        if (defect != MessageDefect.None)
            return defect;

        plan.Verdict = routed.Verdict;
        plan.RouteId = routed.RouteId;
        plan.Guard = routed.Guard;
        plan.Hijack = routed.Hijack;
        plan.Streaming = routed.Streaming && StreamingQuery.Lasts(RouteTable.Find(routed.RouteId)!, target.RawQuery);
        plan.NameStart = routed.NameLength == 0 ? 0 : plan.PathStart + routed.NameStart;
        plan.NameLength = routed.NameLength;
        return MessageDefect.None;
    }
}
