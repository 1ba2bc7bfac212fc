using System.CommandLine;
using SocketRelay.Benchmarks.Commands;

var root = new RootCommand("What a proxy in front of a Docker engine costs, measured: SocketRelay, HAProxy, any other, and none.")
{
    DemoCommand.Build(),
    LatencyCommand.Build(),
    StreamsCommand.Build(),
    EngineCommand.Build(),
    FootprintCommand.Build(),
    ScaleCommand.Build(),
    SoakCommand.Build(),
    MicroCommand.Build(),
    StandInCommand.Build(),
};
return root.Parse(args).Invoke();
