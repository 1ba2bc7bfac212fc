using System.Text.Json;

namespace SocketRelay.Tests.Differential;

/// <summary>Reads the relay's JSON access records back, as a log collector would.</summary>
internal static class AccessLines
{
    /// <summary>The records of ended exchanges in a piece of log.</summary>
    public static IReadOnlyList<(string Method, string Path, string Verdict, int Status)> Ended(string log)
    {
        var records = new List<(string, string, string, int)>();
        foreach (var line in log.Split('\n'))
        {
            if (!line.Contains("\"type\":\"access\"", StringComparison.Ordinal) || !line.Contains("\"phase\":\"end\"", StringComparison.Ordinal))
                continue;
            using var json = JsonDocument.Parse(line);
            var record = json.RootElement;
            records.Add((record.GetProperty("method").GetString()!, record.GetProperty("path").GetString()!,
                record.GetProperty("verdict").GetString()!, record.GetProperty("status").GetInt32()));
        }

        return records;
    }
}
