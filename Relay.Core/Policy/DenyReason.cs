namespace SocketRelay.Policy;

/// <summary>Why the policy says no. <see cref="DenialText"/> writes the sentence.</summary>
internal enum DenyReason : byte
{
    /// <summary>It does not say no.</summary>
    None,

    /// <summary>The first rule that matched refuses these methods while its switch is off: <c>POST=0</c> and a write.</summary>
    MethodClosed,

    /// <summary>No rule in force allows the path, and a switch that is off would.</summary>
    SectionClosed,

    /// <summary>No switch of the dialect allows the path.</summary>
    NeverOpen,
}
