namespace SocketRelay.Guard;

/// <summary>POST /containers/{name}/checkpoints: CheckpointDir is a folder of the host.</summary>
internal static class CheckpointInspector
{
    /// <summary>The table.</summary>
    public static ObjectShape Shape { get; } = new(FieldRule.Of("CheckpointDir", GuardPower.OldDoors, FieldTests.AnyText));
}
