namespace SocketRelay.Guard;

/// <summary>A change of a JSON text: a range is replaced.</summary>
/// <param name="Start">First byte of the range.</param>
/// <param name="Length">Bytes of the range.</param>
/// <param name="Replacement">What stands there instead.</param>
internal sealed record BodyEdit(int Start, int Length, byte[] Replacement);
