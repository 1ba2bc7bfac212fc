using System.Text.Json;

namespace SocketRelay.Host.Commands;

/// <summary>One call out of a log.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The raw path.</param>
/// <param name="Verdict">The verdict's word.</param>
/// <param name="Rule">What decided.</param>
/// <param name="Reason">The refusal's text, or null.</param>
internal sealed record LoggedCall(string Method, string Path, string Verdict, string? Rule, string? Reason);

/// <summary>Reads access records back out of the relay's JSON log; lines of anything else are passed over.</summary>
internal static class LoggedCalls
{
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
        Utf8JsonReader json = new(line);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            return null;
        string? type = null, phase = null, method = null, path = null, verdict = null, rule = null, reason = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string name = json.GetString()!;
            json.Read();
            string? value = json.TokenType == JsonTokenType.String ? json.GetString() : null;
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
        bool isCall = type == "access" && phase == "end" && verdict is "allowed" or "denied" or "would_deny" or "filtered";
        return isCall && method is { Length: > 0 } && path is { Length: > 0 } ? new LoggedCall(method, path, verdict!, rule, reason) : null;
    }
}
