using SocketRelay.Http;

namespace SocketRelay.Policy;

/// <summary>A head that was judged before, and what came of it: see <see cref="JudgedHeads"/>.</summary>
/// <param name="bytes">The whole head; nobody changes them.</param>
/// <param name="plan">What was planned.</param>
/// <param name="rule">The rule that decided.</param>
/// <param name="methodLength">Bytes of the method.</param>
internal sealed class JudgedHead(byte[] bytes, in RequestPlan plan, string? rule, int methodLength)
{
    private readonly RequestPlan _plan = plan;

    /// <summary>The whole head.</summary>
    public ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>What was planned.</summary>
    public ref readonly RequestPlan Plan => ref _plan;

    /// <summary>The rule that decided, for the access record.</summary>
    public string? Rule => rule;

    /// <summary>The method as it was sent.</summary>
    public ReadOnlyMemory<byte> Method => bytes.AsMemory(0, methodLength);

    /// <summary>The head of the final answer that came last to these bytes.</summary>
    public KnownResponse Answer { get; } = new();

    /// <summary>The path as it was sent.</summary>
    public ReadOnlyMemory<byte> Path => bytes.AsMemory(_plan.PathStart, _plan.PathLength);
}
