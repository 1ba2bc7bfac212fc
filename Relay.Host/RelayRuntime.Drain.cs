using SocketRelay.Diagnostics;
using SocketRelay.Sessions;
using SocketRelay.Transport;

namespace SocketRelay.Host;

/// <content>The end: the drain, and what is cut after it.</content>
internal sealed partial class RelayRuntime
{
    // Sessions that were cut owe nobody anything; what is left is closing descriptors.
    private static readonly TimeSpan CutTime = TimeSpan.FromSeconds(1);

    private TaskCompletionSource? _allEnded;
    private int? _cut;

    /// <summary>
    /// The drain: no new connections, idle ones end at once, exchanges in flight go on until <paramref name="bound"/>, and whatever is
    /// open then is cut.
    /// </summary>
    /// <returns>How many connections were cut; null where the loop never ran, or had ended by itself.</returns>
    public async Task<int?> StopAsync(TimeSpan bound)
    {
        if (_thread.ThreadState.HasFlag(ThreadState.Unstarted))
        {
            CloseListeners();
            _loop.Dispose();
            return null;
        }
        TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _loop.Post(() => BeginDrain(drained));
        await Task.WhenAny(drained.Task, _ended.Task, Task.Delay(bound));
        if (!_ended.Task.IsCompleted)
        {
            // First the cut itself: where all have ended already, the loop would else be stopped before it has counted what it cut.
            TaskCompletionSource isCut = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _loop.Post(() => CutSessions(isCut));
            await Task.WhenAny(isCut.Task, _ended.Task, Task.Delay(CutTime));
            await Task.WhenAny(drained.Task, _ended.Task, Task.Delay(CutTime));
        }
        _loop.Stop();
        await Task.WhenAny(_ended.Task, Task.Delay(CutTime));
        return _cut;
    }

    private void BeginDrain(TaskCompletionSource drained)
    {
        RelayLog.Draining(_log, _services.Running.Count, _options.DrainTimeout.TotalSeconds);
        CloseListeners();
        _allEnded = drained;
        foreach (RelaySession session in _services.Running.ToArray())
            session.Drain();
        if (_services.Running.Count == 0)
            drained.TrySetResult();
    }

    private void CutSessions(TaskCompletionSource isCut)
    {
        RelaySession[] open = [.. _services.Running];
        _cut = open.Length;
        foreach (RelaySession session in open)
            session.Abort();
        foreach (MetricsSession scraper in _metrics?.Running.ToArray() ?? [])
            scraper.Abort();
        isCut.TrySetResult();
    }

    private void CloseListeners()
    {
        foreach (Listener listener in _listeners.Concat(_metricsListeners))
        {
            listener.Stop();
            if (listener.Address.UnixPath is { } path)
                RemoveSocketFile(path);
        }
        _listeners.Clear();
        _metricsListeners.Clear();
    }

    // Else a health check finds a socket that nobody serves. Without root the folder may not be ours to change; the next start replaces the file.
    private static void RemoveSocketFile(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
        }
    }
}
