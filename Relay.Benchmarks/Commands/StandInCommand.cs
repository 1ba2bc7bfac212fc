using System.CommandLine;
using SocketRelay.Benchmarks.Engine;

namespace SocketRelay.Benchmarks.Commands;

/// <summary><c>stand-in</c>: the stand-in engine alone, as a process of its own.</summary>
internal static class StandInCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build()
    {
        var socket = new Option<string>("--socket") { Description = "The Unix socket to listen on.", Required = true };
        var command = new Command("stand-in", "Runs the stand-in engine on a Unix socket until it is told to stop.");
        command.Options.Add(socket);
        command.SetAction(parsed => CommandRunner.Run(parsed, stop =>
        {
            using var engine = new StandInEngine(parsed.GetValue(socket)!);
            while (!stop.IsSet)
                Thread.Sleep(100);
            return 0;
        }));
        return command;
    }
}
