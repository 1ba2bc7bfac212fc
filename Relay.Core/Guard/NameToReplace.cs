namespace SocketRelay.Guard;

/// <summary>Where the name of a container stands that will be replaced by the full id once it is judged.</summary>
/// <param name="Place">Which part of the request.</param>
/// <param name="Start">First byte of the range in that part.</param>
/// <param name="Length">Bytes of the range.</param>
/// <param name="Written">The name as it stands there now: where it is the id already, nothing changes.</param>
/// <param name="Before">What the replacement starts with: an opening quote and <c>container:</c>, or nothing.</param>
/// <param name="Behind">What the replacement ends with.</param>
internal sealed record NameToReplace(RequestPart Place, int Start, int Length, string Written, string Before = "", string Behind = "");
