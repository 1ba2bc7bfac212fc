namespace SocketRelay.Guard;

/// <summary>A change of the request-target: a container's name is replaced by the full id that was judged, so that no rename between
/// the question and the call can swap it.</summary>
/// <param name="InQuery">Whether the range lies in <see cref="GuardRequest.Query"/>; else in <see cref="GuardRequest.Name"/>.</param>
/// <param name="Start">First byte of the range, counted from the start of that slice.</param>
/// <param name="Length">Bytes of the range.</param>
/// <param name="Text">What stands there instead: plain ASCII.</param>
internal sealed record TargetEdit(bool InQuery, int Start, int Length, string Text);
