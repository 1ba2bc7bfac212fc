namespace SocketRelay.Guard;

/// <summary>POST /containers/{name}/exec. Which container it enters is judged when it starts.</summary>
internal static class ExecCreateInspector
{
    /// <summary>The table.</summary>
    public static ObjectShape Shape { get; } = new(FieldRule.Of("Privileged", GuardPower.Privileged, FieldTests.True));
}
