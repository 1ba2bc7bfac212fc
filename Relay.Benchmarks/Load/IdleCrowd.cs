namespace SocketRelay.Benchmarks.Load;

/// <summary>Many connections that made one call each and stay open, as idle clients do.</summary>
internal sealed class IdleCrowd : IDisposable
{
    private readonly List<int> _descriptors = [];

    /// <summary>Opens them.</summary>
    /// <exception cref="HarnessException">One of them was not served.</exception>
    public IdleCrowd(Target target, int count, string path)
    {
        byte[] request = HttpCaller.Head("GET", path), buffer = new byte[64 * 1024];
        var reader = new AnswerReader(200);
        for (int i = 0; i < count; i++)
        {
            int descriptor = Native.RawSocket.TryConnect(target.Address);
            if (descriptor < 0)
                throw new HarnessException($"{target}: connection {i + 1} of {count} cannot be opened");
            _descriptors.Add(descriptor);
            Native.RawSocket.SetTimeLimit(descriptor, 10);
            reader.Begin();
            _ = Native.RawSocket.SendAll(descriptor, request);
            AnswerState state = AnswerState.Incomplete;
            while (state == AnswerState.Incomplete)
            {
                int read = Native.RawSocket.Receive(descriptor, buffer);
                state = read > 0 ? reader.Feed(buffer.AsSpan(0, read)) : reader.End();
            }
            if (state == AnswerState.Broken)
                throw new HarnessException($"{target}: connection {i + 1} of {count}: {reader.Fault}");
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (int descriptor in _descriptors)
            Native.RawSocket.Close(descriptor);
    }
}
