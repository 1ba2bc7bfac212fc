using System.Buffers;
using SocketRelay.Http;

namespace SocketRelay.Policy;

/// <summary>
/// Head to <see cref="RequestPlan"/>: the only place where HTTP and policy meet. Pure and without allocation; one may serve all loops.
/// </summary>
/// <param name="table">The compiled policy.</param>
internal sealed class RequestPlanner(AclTable table)
{
    /// <summary>
    /// Reads and plans a request. What is planned is what is to be sent: a head that must be written anew (<see cref="RequestReader"/>, and an
    /// Upgrade to anything but the route's own protocol) is written, parsed and planned again.
    /// </summary>
    /// <param name="received">Exactly one head as it came.</param>
    /// <param name="limits">The limits in force.</param>
    /// <param name="head">The head that is to be sent, to which the plan's positions belong.</param>
    /// <param name="plan">The plan; see <see cref="Plan"/>.</param>
    /// <param name="rewritten">The bytes of that head where they are not those that came, else null.</param>
    public MessageDefect Read(
        ReadOnlySpan<byte> received, HeadLimits limits, out RequestHead head, out RequestPlan plan, out ArrayBufferWriter<byte>? rewritten)
    {
        plan = default;
        MessageDefect defect = RequestReader.TryRead(received, limits, out head, out rewritten);
        if (defect == MessageDefect.None)
            defect = Plan(head, out plan);
        if (defect != MessageDefect.None || !plan.HasUpgrade || head.OffersOnly(HijackKinds.ProtocolOf(plan.Hijack)))
            return defect;

        rewritten = new ArrayBufferWriter<byte>(head.Bytes.Length);
        UpgradeOffer.Write(rewritten, head, HijackKinds.ProtocolOf(plan.Hijack));
        defect = HeadParser.TryParseRequest(rewritten.WrittenSpan, limits, out head);
        return defect == MessageDefect.None ? Plan(head, out plan) : defect;
    }

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
            HasRegistryAuth = head.HasRegistryAuth,
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
        plan.Redirects = routed.Redirects;
        plan.RouteId = routed.RouteId;
        plan.Guard = routed.Guard;
        plan.Hijack = routed.Hijack;
        plan.Streaming = routed.Streaming && StreamingQuery.Lasts(RouteTable.Find(routed.RouteId)!, target.RawQuery);
        plan.NameStart = routed.NameLength == 0 ? 0 : plan.PathStart + routed.NameStart;
        plan.NameLength = routed.NameLength;
        return MessageDefect.None;
    }
}
