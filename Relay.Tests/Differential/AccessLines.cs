using System.Text.Json;

namespace SocketRelay.Tests.Differential;

/// <summary>Reads the relay's JSON access records back, as a log collector would.</summary>
internal static class AccessLines
{
    /// <summary>The records of ended exchanges of one client in a piece of log.</summary>
    /// <param name="log">Whole lines.</param>
    /// <param name="client">The client's address and port, as records name it.</param>
    public static IReadOnlyList<(string Method, string Path, string Verdict, int Status)> Ended(string log, string client)
    {
        var records = new List<(string, string, string, int)>();
        foreach (var line in log.Split('\n'))
        {
            if (!line.Contains("\"type\":\"access\"", StringComparison.Ordinal) || !line.Contains("\"phase\":\"end\"", StringComparison.Ordinal))
                continue;
            using var json = JsonDocument.Parse(line);
            var record = json.RootElement;
            if (record.GetProperty("client").GetString() != client)
                continue;
            records.Add((record.GetProperty("method").GetString()!, record.GetProperty("path").GetString()!,
                record.GetProperty("verdict").GetString()!, record.GetProperty("status").GetInt32()));
        }

        return records;
    }
}
