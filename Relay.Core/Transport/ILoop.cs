namespace SocketRelay.Transport;

/// <summary>What a session needs of the loop that runs it. The deterministic loop of the tests implements it too.</summary>
internal interface ILoop
{
    /// <summary>Deadlines on this loop.</summary>
    LoopTimers Timers { get; }

    /// <summary>The clock in milliseconds, read once per turn (monotonic).</summary>
    long Now { get; }

    /// <summary>A monotonic timestamp in the units of <see cref="TimeProvider.TimestampFrequency"/>, read now.</summary>
    long Timestamp { get; }

    /// <summary>Runs <paramref name="work"/> on the loop in a later turn. Loop thread only.</summary>
    void Enqueue(Action work);

    /// <summary>Runs <paramref name="work"/> on the loop soon. Any thread.</summary>
    void Post(Action work);
}
