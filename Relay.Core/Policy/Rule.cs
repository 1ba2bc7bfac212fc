namespace SocketRelay.Policy;

/// <summary>
/// One line of a dialect: whom it concerns, what it says, and which switch turns it. An allowing rule is in force while its switch is on;
/// a refusing one while its switch is off ("deny unless"); one without a switch always.
/// </summary>
/// <param name="Allows">What it says to a request that it concerns.</param>
/// <param name="Methods">The methods that it concerns.</param>
/// <param name="Pattern">The paths that it concerns, as <see cref="PathPatterns"/> reads them: <c>/**</c>, <c>/images/**</c>,
/// <c>/containers/{id}/start</c>.</param>
/// <param name="Switch">The variable that turns it, or null.</param>
internal sealed record Rule(bool Allows, MethodSet Methods, string Pattern, string? Switch)
{
    /// <summary>The name that records carry: the switch, or <c>default</c>.</summary>
    public string Name => Switch ?? "default";

    /// <summary>Whether it decides anything while its switch is <paramref name="isOn"/>.</summary>
    public bool IsInForce(bool isOn) => Switch is null || isOn == Allows;
}
