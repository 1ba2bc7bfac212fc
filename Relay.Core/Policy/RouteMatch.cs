namespace SocketRelay.Policy;

/// <summary>An operation that was found, and where the name in the path is.</summary>
/// <param name="RouteId">The id of the operation, 0 where the table has none.</param>
/// <param name="NameStart">Where the name begins in the decoded path without version prefix; 0 if the operation has none.</param>
/// <param name="NameLength">Bytes of the name, 0 if the operation has none.</param>
internal readonly record struct RouteMatch(ushort RouteId, int NameStart, int NameLength);
