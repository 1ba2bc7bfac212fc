namespace SocketRelay.Host.Commands;

/// <summary>What the process's exit code says.</summary>
internal static class ExitCodes
{
    /// <summary>Done; healthy; allowed.</summary>
    public const int Good = 0;

    /// <summary>Not healthy; refused; a listener could not be opened.</summary>
    public const int Bad = 1;

    /// <summary>Arguments or settings that cannot be understood.</summary>
    public const int Unusable = 2;
}
