using SocketRelay.Exchange;
using SocketRelay.Policy;

namespace SocketRelay.Diagnostics;

/// <summary>The values that labels take. Each set is closed: whatever a client sends, no new time series begins.</summary>
internal static class MetricLabels
{
    private static readonly byte[][] SectionTokens = Distinct(static route => route.Section);
    private static readonly byte[][] MethodTokens = Distinct(static route => route.Method);

    /// <summary>The verdicts, by the value of <see cref="AccessVerdict"/>.</summary>
    public static IReadOnlyList<string> Verdicts { get; } =
        [.. Enum.GetValues<AccessVerdict>().Select(static verdict => System.Text.Encoding.ASCII.GetString(AccessLogFormatter.WordOf(verdict)))];

    /// <summary>The first segments of the engine's paths; the last one is <c>other</c>.</summary>
    public static IReadOnlyList<string> Sections { get; } = Names(SectionTokens);

    /// <summary>The methods of the engine's operations; the last one is <c>other</c>.</summary>
    public static IReadOnlyList<string> Methods { get; } = Names(MethodTokens);

    /// <summary>Classes of status codes; the first is that of exchanges without an answer.</summary>
    public static IReadOnlyList<string> Codes { get; } = ["none", "1xx", "2xx", "3xx", "4xx", "5xx"];

    /// <summary>Who ended an exchange, by the value of <see cref="EndParty"/>.</summary>
    public static IReadOnlyList<string> Parties { get; } = ["none", "client", "engine", "relay", "client_timeout", "engine_timeout", "drain"];

    /// <summary>In which phase, by the value of <see cref="EndPhase"/>.</summary>
    public static IReadOnlyList<string> Phases { get; } = ["none", "request_head", "request_body", "connect", "response_head", "data"];

    /// <summary>Which of <see cref="Sections"/> a raw path belongs to.</summary>
    public static int SectionOf(ReadOnlySpan<byte> path)
    {
        if (path.Length > 2 && path[0] == '/' && path[1] == 'v' && char.IsAsciiDigit((char)path[2]) && path[1..].IndexOf((byte)'/') is > 0 and var next)
            path = path[(next + 1)..];
        if (path.IsEmpty)
            return SectionTokens.Length;
        path = path[1..];
        int end = path.IndexOf((byte)'/');
        return IndexOf(SectionTokens, end < 0 ? path : path[..end]);
    }

    /// <summary>Which of <see cref="Methods"/> a method token is.</summary>
    public static int MethodOf(ReadOnlySpan<byte> token) => IndexOf(MethodTokens, token);

    /// <summary>Which of <see cref="Codes"/> a status belongs to.</summary>
    public static int CodeOf(int status) => status is >= 100 and < 600 ? status / 100 : 0;

    private static int IndexOf(byte[][] known, ReadOnlySpan<byte> value)
    {
        for (int i = 0; i < known.Length; i++)
        {
            if (value.SequenceEqual(known[i]))
                return i;
        }
        return known.Length;
    }

    private static byte[][] Distinct(Func<Route, string> part) =>
        [.. RouteTable.Routes.Select(part).Distinct().Select(System.Text.Encoding.ASCII.GetBytes)];

    private static IReadOnlyList<string> Names(byte[][] known) => [.. known.Select(System.Text.Encoding.ASCII.GetString), "other"];
}
