namespace SocketRelay.Benchmarks.Load;

/// <summary>How far an answer is read.</summary>
internal enum AnswerState : byte
{
    /// <summary>More bytes belong to it.</summary>
    Incomplete,

    /// <summary>It is whole and as expected.</summary>
    Complete,

    /// <summary>It is not what was expected; <see cref="AnswerReader.Fault"/> says why.</summary>
    Broken,
}
