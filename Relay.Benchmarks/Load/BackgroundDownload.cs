
namespace SocketRelay.Benchmarks.Load;

/// <summary>A download that runs on a thread of its own until it is told to stop: the bulk stream beside which small calls are measured.</summary>
internal sealed class BackgroundDownload : IDisposable
{
    /// <summary>So large that it never ends by itself.</summary>
    private const long Endless = 1L << 50;

    private readonly HttpCaller _caller;
    private readonly Thread _thread;
    private volatile bool _isStopping;

    /// <summary>Starts it; returns when the first bytes are there.</summary>
    public BackgroundDownload(Target target)
    {
        _caller = new HttpCaller(target, keepsBodies: false);
        _caller.Begin(HttpCaller.Head("GET", BulkTransfer.PathOf(Endless, isChunked: false)));
        _caller.ReadHead();
        _thread = new Thread(Read) { IsBackground = true, Name = "bulk reader" };
        _thread.Start();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _isStopping = true;
        _thread.Join();
        _caller.Dispose();
    }

    private void Read()
    {
        while (!_isStopping && _caller.ReadSome() == AnswerState.Incomplete)
        {
        }
    }
}
