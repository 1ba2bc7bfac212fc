using System.Net.Sockets;
using System.Net;
using SocketRelay.Native;
using SocketRelay.Sessions;
using SocketRelay.Transport;

namespace SocketRelay.Host.Commands;

/// <summary>
/// <c>socketrelay health</c>: does the relay's first listener answer, and does the engine answer behind it? At the listener any HTTP answer
/// counts, a 403 too: PING may be closed. The engine is asked directly, so that closed sections do not make a healthy engine look ill.
/// </summary>
internal static class HealthCommand
{
    /// <summary>Below the 30 s that Docker gives a health check, both questions together.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private const string Ping = "GET /_ping HTTP/1.1\r\nHost: localhost\r\nUser-Agent: socketrelay-health\r\nConnection: close\r\n\r\n";

    /// <summary>Asks both and prints one line; returns 0 where both answer, else 1.</summary>
    /// <param name="variables">The relay's variables: the same as the relay's own.</param>
    /// <param name="terminal">The process's streams.</param>
    public static int Run(IReadOnlyDictionary<string, string> variables, Terminal terminal)
    {
        OptionsResult result = OptionsValidator.Validate(variables, withWarnings: false);
        if (result.Options is not { } options)
        {
            terminal.ErrorLine($"unhealthy: {result.Errors[0]}");
            return ExitCodes.Bad;
        }
        string? fault = FaultOfListener(options.Listeners[0]) ?? FaultOfEngine(options.SocketPath);
        if (fault is null)
            terminal.Line($"healthy: the relay answers on {options.Listeners[0]}, the engine on {options.SocketPath}");
        else
            terminal.ErrorLine($"unhealthy: {fault}");
        return fault is null ? ExitCodes.Good : ExitCodes.Bad;
    }

    private static string? FaultOfListener(ListenAddress listener)
    {
        string? fault = null;
        foreach (EndPoint place in PlacesOf(listener))
        {
            using Probe probe = new();
            ProbeAnswer answer = probe.Ask(place, Ping, Timeout);
            switch (answer.Outcome)
            {
                case ProbeOutcome.Answered:
                    return null;
                case ProbeOutcome.NotConnected:
                    fault ??= $"nothing listens on {place}: {(answer.Errno == Errno.ENOENT ? "no such file" : WgetCommand.WordsOf(answer.SocketError))}";
                    break;
                default:
                    return $"what listens on {place} gives no HTTP answer";
            }
        }
        return fault;
    }

    // A listener on every address is reached by the loopback, IPv4 first: where it has fallen back to IPv4 there is no other.
    private static IEnumerable<EndPoint> PlacesOf(ListenAddress listener)
    {
        if (listener.UnixPath is { } path)
            return [new UnixDomainSocketEndPoint(path)];
        IPAddress address = listener.Address!;
        if (address.Equals(IPAddress.Any))
            return [new IPEndPoint(IPAddress.Loopback, listener.Port)];
        if (!address.Equals(IPAddress.IPv6Any))
            return [new IPEndPoint(address, listener.Port)];
        IPEndPoint v6 = new(IPAddress.IPv6Loopback, listener.Port);
        return listener.V6Only ? [v6] : [new IPEndPoint(IPAddress.Loopback, listener.Port), v6];
    }

    private static string? FaultOfEngine(string path)
    {
        using Probe probe = new();
        ProbeAnswer answer = probe.Ask(new UnixDomainSocketEndPoint(path), Ping, Timeout);
        return answer switch
        {
            { Outcome: ProbeOutcome.NotConnected } => SocketDiagnosis.Explain(path, answer.Errno),
            { Outcome: ProbeOutcome.NoAnswer } => $"the engine does not answer on {path}",
            { Status: 200 } => null,
            _ => $"the engine answers /_ping with {answer.Status}",
        };
    }
}
