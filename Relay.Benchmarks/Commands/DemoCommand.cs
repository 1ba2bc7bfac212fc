using System.CommandLine;
using System.Globalization;
using SocketRelay.Benchmarks.Contenders;
using SocketRelay.Benchmarks.Engine;
using SocketRelay.Benchmarks.Load;
using SocketRelay.Benchmarks.Reports;

namespace SocketRelay.Benchmarks.Commands;

/// <summary><c>demo</c>: a stand-in engine and the relay in front of it inside this process, to try with curl; no Docker needed.</summary>
internal static class DemoCommand
{
    private const int StreamLines = 3;

    private static readonly Dictionary<string, string> Switches = new(StringComparer.Ordinal) { ["CONTAINERS"] = "1", ["POST"] = "1", ["EXEC"] = "1", ["INFO"] = "1" };

    /// <summary>Builds the command.</summary>
    public static Command Build()
    {
        var command = new Command("demo", "Starts a stand-in engine and the relay in front of it, makes a few calls, and runs until Ctrl-C.");
        command.SetAction(parsed => CommandRunner.Run(parsed, Run));
        return command;
    }

    private static int Run(StopFlag stop)
    {
        using var folder = new RunFolder();
        using var engine = new StandInEngine(folder.File("engine.sock"));
        var log = new PrintedAccessLog();
        using var relay = new InProcessRelay(engine.SocketPath, Switches, log);
        string address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{relay.Port}");
        Console.WriteLine($"stand-in engine  unix://{engine.SocketPath}");
        Console.WriteLine($"relay            {address}  ({string.Join(' ', Switches.Select(pair => $"{pair.Key}={pair.Value}"))}, guard on)");
        ShowCalls(Target.OfLocalPort(relay.Port), log);
        Console.WriteLine($$"""

            Now yours:
              curl http://{{address}}/version
              curl http://{{address}}/containers/json
              curl http://{{address}}/secrets
              curl -X POST -H 'Content-Type: application/json' -d '{"Image":"busybox","HostConfig":{"Privileged":true} }' http://{{address}}/containers/create
              curl -N http://{{address}}/events
              docker -H tcp://{{address}} ps
            Ctrl-C ends it.
            """);
        while (!stop.IsSet)
            Thread.Sleep(100);
        return 0;
    }

    private static void ShowCalls(Target target, PrintedAccessLog log)
    {
        using (var caller = new HttpCaller(target))
        {
            Show("allowed", caller, log, "GET", "/version", "");
            Show("refused by the settings", caller, log, "GET", "/images/json", "");
            Show("refused by the guard", caller, log, "POST", "/containers/create", """{"Image":"busybox","HostConfig":{"Privileged":true}}""");
            Console.WriteLine($"\na stream: GET /events, the first {StreamLines} of them as they come");
            log.Hold();
            ShowStream(target, caller);
        }
        log.Release(records: 2); // its begin and its end
    }

    private static void ShowStream(Target target, HttpCaller caller)
    {
        caller.Begin(HttpCaller.Head("GET", "/events?interval=400"));
        caller.ReadHead();
        for (int seen = 0; seen < StreamLines;)
        {
            caller.ForgetBody();
            if (caller.ReadSome() != AnswerState.Incomplete)
                throw new HarnessException($"{target}: the stream ended with status {caller.Status}");
            if (caller.Body.IsEmpty)
                continue;
            Console.WriteLine($"  {Shortened(caller.BodyText)}");
            seen++;
        }
    }

    private static void Show(string what, HttpCaller caller, PrintedAccessLog log, string method, string path, string body)
    {
        Console.WriteLine($"\n{what}: {method} {path} {body}".TrimEnd());
        log.Hold();
        int status = caller.Call(method, path, System.Text.Encoding.UTF8.GetBytes(body));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {status} {Shortened(caller.BodyText)}"));
        log.Release(records: 1);
    }

    private static string Shortened(string text)
    {
        const int Most = 160;
        string line = text.Trim();
        return line.Length <= Most ? line : line[..Most] + " …";
    }
}
