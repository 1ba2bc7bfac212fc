namespace SocketRelay.Transport;

/// <summary>How a copy between two endpoints ended.</summary>
internal enum CopyOutcome : byte
{
    /// <summary>The asked number of bytes moved, or the input ended where no number was asked.</summary>
    Completed,

    /// <summary>The input ended before the asked number of bytes.</summary>
    InputEnded,

    /// <summary>The input was reset or aborted.</summary>
    ReadFailed,

    /// <summary>The output's other side is gone.</summary>
    WriteFailed,

    /// <summary>The read was cancelled (a deadline or a drain).</summary>
    Canceled,
}

/// <summary>The outcome of a copy and the bytes that reached the output.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Bytes">Bytes handed to the output.</param>
/// <param name="Lost">Bytes that were taken from the input and did not reach the output: not 0 only where the output failed.</param>
internal readonly record struct CopyResult(CopyOutcome Outcome, long Bytes, long Lost = 0);
