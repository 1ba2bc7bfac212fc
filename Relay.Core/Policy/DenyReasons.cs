namespace SocketRelay.Policy;

/// <summary>The stable log codes of <see cref="DenyReason"/>.</summary>
internal static class DenyReasons
{
    /// <summary>The word that access records and metrics carry; it never changes for a member once released.</summary>
    public static string CodeOf(DenyReason reason) => reason switch
    {
        DenyReason.None => "none",
        DenyReason.MethodClosed => "method-closed",
        DenyReason.SectionClosed => "section-closed",
        DenyReason.NeverOpen => "never-open",
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };
}
