using Microsoft.Extensions.Logging;
using SocketRelay.Diagnostics;
using SocketRelay.Guard;
using SocketRelay.Host.Commands;
using SocketRelay.Policy;
using SocketRelay.Sessions;

namespace SocketRelay.Host;

/// <summary>The lines a start tells: what runs, what is open, and what its settings do not do.</summary>
internal static class StartPage
{
    /// <summary>Version, dialect, the engine's socket, what is open, and the warnings.</summary>
    public static void TellSettings(ILogger log, HostOptions options, IReadOnlyList<string> warnings)
    {
        RelayLog.Starting(log, CommandLine.Version, options.Dialect, SyslogLevels.Words[(int)options.LogLevel]);
        RelayLog.EngineSocket(log, options.SocketPath, SocketDiagnosis.DescribeOwner(options.SocketPath) ?? "not there yet");
        RelayLog.Open(log, PolicyReport.Summary(AclCompiler.Compile(options.Policy)));
        foreach (GuardReportLine line in GuardReport.Describe(options.Guard, options.Policy.IsOn).Where(static line => !line.IsWarning))
            RelayLog.Guard(log, line.Text);
        foreach (string warning in warnings)
            RelayLog.SettingWarning(log, warning);
    }
}
