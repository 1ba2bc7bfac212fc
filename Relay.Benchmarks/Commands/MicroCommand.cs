using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;

namespace SocketRelay.Benchmarks.Commands;

/// <summary><c>micro</c>: the BenchmarkDotNet benchmarks of Micro/, with their memory columns. Further options go to BenchmarkDotNet.</summary>
internal static class MicroCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build()
    {
        var filter = new Option<string[]>("--filter") { Description = "Which benchmarks, as *HeadParser*.", DefaultValueFactory = _ => ["*"], AllowMultipleArgumentsPerToken = true };
        var rest = new Argument<string[]>("options") { Description = "Further options of BenchmarkDotNet, behind --.", DefaultValueFactory = _ => [] };
        var command = new Command("micro", "Measures the parser, the chunked decoder, the table, the guard and the access record (BenchmarkDotNet).");
        command.Options.Add(filter);
        command.Arguments.Add(rest);
        command.SetAction(parsed =>
        {
            // In this process: nothing is built a second time, so it runs wherever this program runs.
            string[] arguments = ["--inProcess", "--filter", .. parsed.GetValue(filter)!, .. parsed.GetValue(rest)!];
            BenchmarkSwitcher.FromAssembly(typeof(MicroCommand).Assembly).Run(arguments, DefaultConfig.Instance);
            return 0;
        });
        return command;
    }
}
