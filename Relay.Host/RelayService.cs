using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SocketRelay.Diagnostics;
using SocketRelay.Host.Commands;

namespace SocketRelay.Host;

/// <summary>
/// The relay's life: opens the listeners, tells the start-up page, runs the loop on its own thread, and drains it at the end. All of the
/// loop's objects are touched on its thread alone once it runs.
/// </summary>
internal sealed class RelayService(
    HostOptions options,
    MemoryShares memory,
    IReadOnlyList<string> warnings,
    StandardOutput output,
    RelayOutcome outcome,
    ILogger log,
    IHostApplicationLifetime lifetime,
    TimeProvider time) : IHostedService
{
    private ConsoleAccessLog? _accessLog;
    private RelayRuntime? _runtime;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        bool isTerminal = options.LogFormat == LogFormat.Text && !Console.IsOutputRedirected;
        _accessLog = new ConsoleAccessLog(output, options.LogFormat, options.LogLevel, isTerminal, ConsoleAccessLog.GatherTime, dropped => RelayLog.LinesDropped(log, dropped));
        StartPage.TellSettings(log, options, warnings);
        _runtime = new RelayRuntime(options, memory, _accessLog, log, time);
        if (_runtime.TryListen())
        {
            _runtime.Run(onLoopFault: Fail);
            return Task.CompletedTask;
        }
        Fail();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        int? cut = _runtime is null ? null : await _runtime.StopAsync(options.DrainTimeout);
        _accessLog?.Dispose();
        if (cut is { } connections)
            RelayLog.Stopped(log, connections); // behind the last access records: nothing comes after it
    }

    private void Fail()
    {
        outcome.ExitCode = ExitCodes.Bad;
        lifetime.StopApplication();
    }
}
