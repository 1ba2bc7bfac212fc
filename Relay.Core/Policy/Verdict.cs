namespace SocketRelay.Policy;

/// <summary>Allow or deny. The default value denies.</summary>
/// <param name="IsAllowed">Whether the request may go to the engine (or on to the guard).</param>
/// <param name="Reason">Why not; <see cref="DenyReason.None"/> when allowed.</param>
/// <param name="Rule">The rule that decided: its index in the <see cref="RuleSet"/>. <see cref="AclTable.RuleName"/> names it.</param>
internal readonly record struct Verdict(bool IsAllowed, DenyReason Reason, byte Rule);
