using System.Buffers;
using System.Text.Json;

namespace SocketRelay.Host.Commands;

/// <summary>One call out of a log.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The raw path.</param>
/// <param name="Verdict">The verdict's word.</param>
/// <param name="Rule">What decided.</param>
/// <param name="Reason">The refusal's text, or null.</param>
/// <param name="Status">The status that the client got; 0 where there is none.</param>
internal sealed record LoggedCall(string Method, string Path, string Verdict, string? Rule, string? Reason, int Status);

/// <summary>Reads access records back out of the relay's JSON log; lines of anything else are passed over.</summary>
internal static class LoggedCalls
{
    private static readonly SearchValues<byte> ServiceName = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-"u8);
    private static readonly SearchValues<byte> BracketedName = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-/"u8);

    /// <summary>Reads one line; null where it is no access record of an exchange's end, or a defect, which no setting opens.</summary>
    public static LoggedCall? Read(ReadOnlySpan<byte> line)
    {
        try
        {
            return ReadObject(line);
        }
        catch (JsonException)
        {
            return null; // what a log collector or another program wrote between the lines
        }
    }

    private static LoggedCall? ReadObject(ReadOnlySpan<byte> line)
    {
        Utf8JsonReader json = new(line[PrefixLength(line)..]);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            return null;
        string? type = null, phase = null, method = null, path = null, verdict = null, rule = null, reason = null;
        int status = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string name = json.GetString()!;
            json.Read();
            string? value = json.TokenType == JsonTokenType.String ? json.GetString() : null;
            if (name == "status" && json.TokenType == JsonTokenType.Number)
                json.TryGetInt32(out status);
            json.Skip();
            switch (name)
            {
                case "type":
                    type = value;
                    break;
                case "phase":
                    phase = value;
                    break;
                case "method":
                    method = value;
                    break;
                case "path":
                    path = value;
                    break;
                case "verdict":
                    verdict = value;
                    break;
                case "rule":
                    rule = value;
                    break;
                case "reason":
                    reason = value;
                    break;
            }
        }
        bool isCall = type == "access" && phase == "end" && verdict is "allowed" or "denied" or "would_deny" or "filtered" or "redirected";
        return isCall && method is { Length: > 0 } && path is { Length: > 0 } ? new LoggedCall(method, path, verdict!, rule, reason, status) : null;
    }

    /// <summary>
    /// How much stands before the record: <c>service-1  | </c>, as <c>docker compose logs</c> writes, or <c>[pod/name/container] </c>, as kubectl does
    /// with <c>--prefix</c>; 0 for anything else. The name may have no character that begins a line of the relay's text log (a time, so a colon), since
    /// such a line quotes what clients sent.
    /// </summary>
    private static int PrefixLength(ReadOnlySpan<byte> line)
    {
        bool isBracketed = line is [(byte)'[', ..];
        ReadOnlySpan<byte> rest = line[(isBracketed ? 1 : 0)..];
        int name = rest.IndexOfAnyExcept(isBracketed ? BracketedName : ServiceName);
        if (name <= 0)
            return 0;
        rest = rest[name..];
        if (!isBracketed)
            rest = rest.TrimStart((byte)' ');
        return rest.StartsWith(isBracketed ? "] {"u8 : "| {"u8) ? line.Length - rest.Length + 2 : 0;
    }
}
