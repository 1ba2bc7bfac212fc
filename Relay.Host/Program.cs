using SocketRelay.Host.Commands;

return CommandLine.Run(Environment.GetCommandLineArgs(), Terminal.OfProcess());
