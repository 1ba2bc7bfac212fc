using System.Text.Json;

namespace SocketRelay.Tests.Differential;

/// <summary>Reads the relay's JSON access records back, as a log collector would.</summary>
internal static class AccessLines
{
    /// <summary>The two letters of each ended exchange of one client: who ended it, in which phase.</summary>
    /// <param name="log">As for <see cref="Ended"/>.</param>
    /// <param name="client">As for <see cref="Ended"/>.</param>
    public static IReadOnlyList<string> EndCodes(string log, string client) =>
        [.. RecordsOf(log, client).Select(static record => record.GetProperty("end").GetString()!)];

    /// <summary>The records of ended exchanges of one client in a piece of log.</summary>
    /// <param name="log">Whole lines.</param>
    /// <param name="client">The client's address and port, as records name it.</param>
    public static IReadOnlyList<(string Method, string Path, string Verdict, int Status)> Ended(string log, string client) =>
        [.. RecordsOf(log, client).Select(static record => (record.GetProperty("method").GetString()!, record.GetProperty("path").GetString()!,
            record.GetProperty("verdict").GetString()!, record.GetProperty("status").GetInt32()))];

    private static IEnumerable<JsonElement> RecordsOf(string log, string client)
    {
        foreach (var line in log.Split('\n'))
        {
            if (!line.Contains("\"type\":\"access\"", StringComparison.Ordinal) || !line.Contains("\"phase\":\"end\"", StringComparison.Ordinal))
                continue;
            using var json = JsonDocument.Parse(line);
            if (json.RootElement.GetProperty("client").GetString() == client)
                yield return json.RootElement.Clone();
        }
    }
}
