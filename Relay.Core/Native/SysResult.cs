namespace SocketRelay.Native;

/// <summary>What a system call gave: a value, or the error number that says why there is none.</summary>
/// <param name="raw">The value (not negative), or the negated error number, as the kernel itself returns it.</param>
internal readonly struct SysResult(long raw)
{
    /// <summary>The value (a byte count, most often); negative after an error.</summary>
    public long Value { get; } = raw;

    /// <summary>True where there is a value.</summary>
    public bool IsOk => Value >= 0;

    /// <summary>The error number, 0 where there is a value.</summary>
    public int Error => Value < 0 ? (int)-Value : 0;

    /// <summary>True where the call would have had to wait (EAGAIN).</summary>
    public bool IsAgain => Value == -Errno.EAGAIN;

    /// <summary>Wraps the return value of a libc call: -1 becomes this thread's errno.</summary>
    internal static SysResult Of(nint returned) => new(returned >= 0 ? returned : -Errno.Last);

    /// <summary>
    /// Throws where there is an error: for calls that fail only when the program is wrong or the machine is out of descriptors.
    /// </summary>
    /// <param name="call">The call's name, for the message.</param>
    /// <returns>This result, which then has a value.</returns>
    /// <exception cref="IOException">There is an error.</exception>
    public SysResult ThrowIfError(string call) =>
        IsOk ? this : throw new IOException($"{call} failed with error number {Error}");
}
