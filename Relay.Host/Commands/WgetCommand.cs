using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SocketRelay.Host.Commands;

/// <summary>
/// <c>wget</c> as health checks use it: one GET, answered or not. Behaves as busybox's does, which the reference's image has: every failure
/// exits 1, any status but 2xx is one, and <c>--spider</c> asks with GET too. No proxy variable is honoured.
/// </summary>
internal static class WgetCommand
{
    /// <summary>Runs <c>wget</c> with <paramref name="arguments"/>; returns the exit code.</summary>
    public static int Run(IReadOnlyList<string> arguments, Terminal terminal)
    {
        if (WgetArguments.Parse(arguments, out string error) is not { } asked || WgetUrl.Parse(asked.Url, out error) is not { } url)
        {
            terminal.ErrorLine($"wget: {error}");
            return ExitCodes.Bad;
        }
        using Probe probe = new();
        ProbeAnswer? answer = Ask(probe, url, asked, terminal);
        if (answer is null)
            return ExitCodes.Bad;
        if (asked.ShowsHead)
        {
            foreach (string line in answer.Head.Split("\r\n"))
                terminal.ErrorLine("  " + Printable(line));
        }
        if (answer.Status is < 200 or > 299)
        {
            terminal.ErrorLine($"wget: server returned error: {Printable(answer.Head.Split("\r\n")[0])}");
            return ExitCodes.Bad;
        }
        if (!asked.IsSpider)
            return Keep(probe, answer, asked.OutputFile ?? url.FileName, asked.IsQuiet, terminal);
        if (!asked.IsQuiet)
            terminal.ErrorLine("remote file exists");
        return ExitCodes.Good;
    }

    private static ProbeAnswer? Ask(Probe probe, WgetUrl url, WgetArguments asked, Terminal terminal)
    {
        IReadOnlyList<IPEndPoint> places = url.Resolve(ReadHosts);
        if (places.Count == 0)
        {
            terminal.ErrorLine($"wget: bad address '{url.Host}': names are looked up in /etc/hosts alone; write localhost or an address");
            return null;
        }
        string request = RequestOf(url, asked);
        SocketError failure = default;
        foreach (IPEndPoint place in places)
        {
            if (!asked.IsQuiet)
                terminal.ErrorLine($"Connecting to {url.Host}:{url.Port} ({place})");
            ProbeAnswer answer = probe.Ask(place, request, asked.Timeout);
            switch (answer.Outcome)
            {
                case ProbeOutcome.Answered:
                    return answer;
                case ProbeOutcome.NoAnswer:
                    terminal.ErrorLine(answer.SocketError == SocketError.TimedOut ? "wget: download timed out" : "wget: error getting response");
                    return null;
                default:
                    failure = answer.SocketError;
                    break;
            }
        }
        terminal.ErrorLine($"wget: can't connect to remote host ({places[0].Address}): {WordsOf(failure)}");
        return null;
    }

    private static string RequestOf(WgetUrl url, WgetArguments asked)
    {
        string authority = url.Port == 80 ? url.Host : string.Create(CultureInfo.InvariantCulture, $"{url.Host}:{url.Port}");
        StringBuilder request = new();
        request.Append(CultureInfo.InvariantCulture, $"GET {url.Target} HTTP/1.1\r\nHost: {authority}\r\nUser-Agent: {asked.UserAgent}\r\nConnection: close\r\n");
        foreach (string line in asked.FieldLines)
            request.Append(line).Append("\r\n");
        return request.Append("\r\n").ToString();
    }

    private static int Keep(Probe probe, ProbeAnswer answer, string file, bool isQuiet, Terminal terminal)
    {
        bool toOutput = file == "-";
        try
        {
            using Stream? opened = toOutput ? null : new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
            if (!isQuiet)
                terminal.ErrorLine(toOutput ? "writing to stdout" : $"saving to '{file}'");
            if (!ProbeBody.Copy(probe, answer, opened ?? terminal.Output))
            {
                terminal.ErrorLine("wget: connection closed prematurely");
                return ExitCodes.Bad;
            }
            if (!isQuiet)
                terminal.ErrorLine(toOutput ? "written to stdout" : $"'{file}' saved");
            return ExitCodes.Good;
        }
        catch (Exception failure) when (FileFailures.IsOne(failure))
        {
            terminal.ErrorLine(toOutput ? "wget: write error" : $"wget: can't open '{file}'");
            return ExitCodes.Bad;
        }
        catch (SocketException failure)
        {
            terminal.ErrorLine(failure.SocketErrorCode == SocketError.TimedOut ? "wget: download timed out" : "wget: connection closed prematurely");
            return ExitCodes.Bad;
        }
    }

    // A hosts file that this user may not read names nobody.
    private static IEnumerable<string> ReadHosts()
    {
        try
        {
            return File.ReadAllLines("/etc/hosts");
        }
        catch (Exception failure) when (FileFailures.IsOne(failure))
        {
            return [];
        }
    }

    /// <summary>What connect(2) said, in strerror(3)'s words.</summary>
    internal static string WordsOf(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "Connection refused",
        SocketError.TimedOut or SocketError.WouldBlock or SocketError.InProgress => "Operation timed out",
        SocketError.NetworkUnreachable => "Network unreachable",
        SocketError.HostUnreachable => "Host is unreachable",
        SocketError.AddressNotAvailable => "Address not available",
        SocketError.AddressFamilyNotSupported => "Address family not supported by protocol",
        SocketError.AccessDenied => "Permission denied",
        _ => error.ToString(),
    };

    // What another machine sent may hold escape sequences; a terminal gets none of them.
    private static string Printable(string text) => string.Create(text.Length, text, static (span, from) =>
    {
        for (int i = 0; i < span.Length; i++)
            span[i] = from[i] is >= ' ' and <= '~' ? from[i] : '?';
    });
}
