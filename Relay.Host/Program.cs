using SocketRelay.Host.Commands;
using SocketRelay.Native;

StandardDescriptors.FillClosed();
return CommandLine.Run(Environment.GetCommandLineArgs(), Terminal.OfProcess());
