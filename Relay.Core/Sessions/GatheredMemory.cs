namespace SocketRelay.Sessions;

/// <summary>
/// The memory for messages that are gathered whole, shared by all of them: bodies that are judged before they go on, and the engine's answers
/// to the guard's questions. Few long ones cannot take all of it: a part is kept for short ones, so that whoever stalls some long bodies keeps
/// nobody's ordinary calls out.
/// </summary>
/// <param name="limit">Bytes of all together.</param>
internal sealed class GatheredMemory(long limit)
{
    /// <summary>
    /// A message that holds no more is a short one: a create of the CLI is some 3 KiB, an inspection some 10, and each may be held twice, with
    /// and without its coding.
    /// </summary>
    public const int ShortBytes = 64 * 1024;

    /// <summary>Bytes of all together.</summary>
    public long Limit { get; } = limit;

    /// <summary>Bytes held now.</summary>
    public long Held { get; private set; }

    /// <summary>Whether a message that holds so many bytes, counted already, has room.</summary>
    public bool HasRoomFor(int bytes) => Held <= (bytes <= ShortBytes ? Limit : Limit - (Limit / 4));

    /// <summary>Counts what a message holds.</summary>
    /// <param name="before">Bytes that were counted for it before.</param>
    /// <param name="now">Bytes that it holds now; 0 where it is given back.</param>
    public void Count(int before, int now) => Held += now - before;
}
