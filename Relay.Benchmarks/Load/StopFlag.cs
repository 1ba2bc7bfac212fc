namespace SocketRelay.Benchmarks.Load;

/// <summary>Says that the operator wants to stop (Ctrl-C): loops look at it, and the command prints what it has.</summary>
internal sealed class StopFlag
{
    private volatile bool _isSet;

    /// <summary>True once the operator asked to stop.</summary>
    public bool IsSet => _isSet;

    /// <summary>Asks to stop.</summary>
    public void Set() => _isSet = true;
}
