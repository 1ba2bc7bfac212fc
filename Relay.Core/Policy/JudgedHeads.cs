using System.Buffers.Binary;
using System.Numerics;
using SocketRelay.Http;

namespace SocketRelay.Policy;

/// <summary>
/// Heads that were judged before, byte for byte: pollers and probes send the same one again and again. A plan is a function of the head's
/// bytes and of a table that never changes, so what was planned for these bytes holds for the same bytes. Kept is only what is allowed, has
/// no body and carries no secret, and not before it came twice. One loop owns it.
/// </summary>
internal sealed class JudgedHeads
{
    /// <summary>Bytes of the longest head that is kept.</summary>
    public const int MaxHeadBytes = 1024;

    /// <summary>Heads that are kept at most.</summary>
    public const int Slots = 32;

    // What is compared of every head is all of it; a key only says in which slot it would be.
    private readonly JudgedHead?[] _heads = new JudgedHead?[Slots];
    private readonly ulong[] _seenOnce = new ulong[Slots];

    /// <summary>Finds what was planned for exactly these bytes.</summary>
    /// <param name="received">All that has arrived.</param>
    /// <returns>Null where they are no head that is kept, or where anything follows it.</returns>
    public JudgedHead? Find(ReadOnlySpan<byte> received)
    {
        if (received.Length is < MinHeadBytes or > MaxHeadBytes)
            return null;
        JudgedHead? kept = _heads[SlotOf(KeyOf(received))];
        return kept is not null && received.SequenceEqual(kept.Bytes) ? kept : null;
    }

    /// <summary>Keeps a head where it may be kept and has come before.</summary>
    /// <param name="head">Parsed without a defect.</param>
    /// <param name="plan">What was planned for it, and nothing else ever will be.</param>
    /// <param name="rule">The rule that decided, for the access record.</param>
    public void Note(in RequestHead head, in RequestPlan plan, string? rule)
    {
        ReadOnlySpan<byte> bytes = head.Bytes;
        bool mayBeKept = plan.Verdict.IsAllowed && !plan.Redirects && !plan.Framing.HasBody && plan.Hijack == HijackKind.None && !plan.HasUpgrade;
        if (!mayBeKept || bytes.Length is < MinHeadBytes or > MaxHeadBytes)
            return;
        ulong key = KeyOf(bytes);
        int slot = SlotOf(key);
        if (_seenOnce[slot] != key)
            _seenOnce[slot] = key;
        else if (!CarriesSecret(head.Fields))
            _heads[slot] = new JudgedHead(bytes.ToArray(), plan, rule, head.MethodToken.Length);
    }

    // "GET / HTTP/1.1" with its line end and an empty line is 18.
    private const int MinHeadBytes = 18;

    // Of all bytes, eight at a time, the last eight perhaps twice: each word moves every higher bit, and the slot is taken from the highest.
    private static ulong KeyOf(ReadOnlySpan<byte> head)
    {
        const ulong Odd = 0x9E37_79B9_7F4A_7C15; // 2^64 over the golden ratio (Fibonacci hashing)
        ulong key = (ulong)head.Length;
        for (ReadOnlySpan<byte> rest = head; rest.Length >= sizeof(ulong); rest = rest[sizeof(ulong)..])
            key = (BitOperations.RotateLeft(key, 29) ^ BinaryPrimitives.ReadUInt64LittleEndian(rest)) * Odd;
        return (BitOperations.RotateLeft(key, 29) ^ BinaryPrimitives.ReadUInt64LittleEndian(head[^sizeof(ulong)..])) * Odd;
    }

    private static int SlotOf(ulong key) => (int)(key >> 59); // of 32

    private static bool CarriesSecret(FieldSection fields)
    {
        foreach (FieldLine line in fields)
        {
            if (FieldNames.IsSecret(line.Name))
                return true;
        }

        return false;
    }
}
