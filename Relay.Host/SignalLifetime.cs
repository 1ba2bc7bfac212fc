using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace SocketRelay.Host;

/// <summary>
/// Signals to the life of the process: SIGTERM, SIGINT and SIGQUIT begin the drain, a second one ends the process at once, SIGHUP does
/// nothing (a terminal that closes ends no relay).
/// </summary>
/// <param name="lifetime">Told to stop.</param>
internal sealed class SignalLifetime(IHostApplicationLifetime lifetime) : IHostLifetime, IDisposable
{
    // A shell's convention for a process that a signal ended: 128 and the signal's number.
    private const int SignalExitBase = 128;

    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _signals;

    /// <inheritdoc/>
    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        foreach ((PosixSignal signal, int number) in ((PosixSignal, int)[])[(PosixSignal.SIGTERM, 15), (PosixSignal.SIGINT, 2), (PosixSignal.SIGQUIT, 3)])
            _registrations.Add(PosixSignalRegistration.Create(signal, context => OnStop(context, number)));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, static context => context.Cancel = true));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
    }

    private void OnStop(PosixSignalContext context, int number)
    {
        context.Cancel = true; // the default action would end the process in the middle of its exchanges
        if (Interlocked.Increment(ref _signals) > 1)
            Environment.Exit(SignalExitBase + number);
        lifetime.StopApplication();
    }
}
