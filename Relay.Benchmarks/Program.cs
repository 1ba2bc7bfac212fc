using SocketRelay.Benchmarks.Commands;

return HarnessCommandLine.Run(args, Console.Error);
