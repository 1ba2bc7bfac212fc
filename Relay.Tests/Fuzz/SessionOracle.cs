using System.Text;
using SocketRelay.Diagnostics;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Fuzz;

/// <summary>
/// What must hold between the bytes that a client sent, those that the engine received, and the access records, once a session is over:
/// the requests on record as allowed and sent are the requests that the engine received, each byte for byte as the client sent it (its head as
/// <see cref="ForwardedHead"/> has it), in the same order, and nothing else reached the engine. For sessions without the guard, which may change a body.
/// </summary>
internal static class SessionOracle
{
    /// <summary>Throws where it does not hold.</summary>
    /// <param name="sent">All that the client sent.</param>
    /// <param name="connections">The engine's connections in the order in which they were dialled.</param>
    /// <param name="records">The access records of the session.</param>
    public static void Check(
        ReadOnlySpan<byte> sent, IReadOnlyList<InMemoryEndpoint> connections, IReadOnlyList<(AccessRecord Record, string Method, string Path)> records)
    {
        byte[][] received = [.. connections.Select(static connection => Encoding.Latin1.GetBytes(connection.Received))];
        int at = 0;
        int connection = 0;
        int offset = 0;
        bool isOver = false;
        bool hasBegun = false;
        foreach ((AccessRecord record, string method, string path) in records)
        {
            FuzzFinding.Unless(!isOver, "an exchange follows one that cannot be followed");
            FuzzFinding.Unless(!hasBegun || !record.IsStart, "a stream begins twice");
            if (record.IsStart)
            {
                hasBegun = true;
                continue;
            }

            FuzzFinding.Unless(hasBegun == record.HasBegun, "a stream's end does not follow its beginning");
            hasBegun = false;
            StrictMessage message = StrictReader.Read(sent, at);
            bool wasSent = record.OwnMicroseconds >= 0;
            bool isDefect = record.Verdict == AccessVerdict.Defect;
            isOver = message.State != StrictState.Whole || record.IsTunnel || isDefect;
            at = message.End;
            if (!wasSent)
                continue;

            FuzzFinding.Unless(record.Verdict == AccessVerdict.Allowed || isDefect, "what was refused was sent");
            FuzzFinding.Unless(message.State is StrictState.Whole or StrictState.InBody or StrictState.BrokenBody, "what went on has no head for a strict reader");
            FuzzFinding.Unless(message.Method.StartsWith(method, StringComparison.Ordinal) && message.Path.StartsWith(path, StringComparison.Ordinal), "the record is of another request");
            while (offset == received[connection].Length && connection + 1 < received.Length)
                (connection, offset) = (connection + 1, 0);

            // A tunnel carries on behind its request; a body that breaks has left in part.
            ReadOnlySpan<byte> judged = message.Forwarded(sent, record.IsTunnel ? sent.Length : message.End);
            ReadOnlySpan<byte> arrived = received[connection].AsSpan(offset);
            if (arrived.Length > judged.Length)
                arrived = arrived[..judged.Length];
            FuzzFinding.Unless(judged.StartsWith(arrived), $"the engine received other bytes than the client sent: {System.Text.Json.JsonSerializer.Serialize(Encoding.Latin1.GetString(arrived))}, not {System.Text.Json.JsonSerializer.Serialize(Encoding.Latin1.GetString(judged))}");
            bool isCut = record.IsTunnel || connections[connection].IsAborted || isDefect;
            FuzzFinding.Unless(!isDefect || message.State != StrictState.Whole || arrived.Length < judged.Length, "a defect reached the engine whole");
            FuzzFinding.Unless(isCut || arrived.Length == judged.Length, "a request is on record as allowed, and the engine received a part of it");
            FuzzFinding.Unless(arrived.Length == record.BytesUp || (isCut && arrived.Length < record.BytesUp), "the record counts other bytes than the engine received");
            offset += arrived.Length;
        }

        FuzzFinding.Unless(!hasBegun, "a stream has a beginning and no end");
        for (; connection < received.Length; connection++, offset = 0)
            FuzzFinding.Unless(offset == received[connection].Length, "the engine received what is not on record");
    }
}
