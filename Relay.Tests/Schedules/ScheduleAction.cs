namespace SocketRelay.Tests.Schedules;

/// <summary>One thing that the world around a session may do next. What comes from <see cref="ClientEnds"/> on disturbs an exchange.</summary>
internal enum ScheduleAction : byte
{
    /// <summary>The client sends its next piece.</summary>
    ClientSends,

    /// <summary>The engine sends its next piece on its newest connection.</summary>
    EngineSends,

    /// <summary>The kernel takes the dial.</summary>
    DialSucceeds,

    /// <summary>The client reads some of what waits for it (only where its window is small).</summary>
    ClientReads,

    /// <summary>The engine reads some of what waits for it (only where its window is small).</summary>
    EngineReads,

    /// <summary>The client sends FIN.</summary>
    ClientEnds,

    /// <summary>The client resets.</summary>
    ClientResets,

    /// <summary>The engine sends FIN on its newest connection.</summary>
    EngineEnds,

    /// <summary>The engine resets its newest connection.</summary>
    EngineResets,

    /// <summary>The dial is refused.</summary>
    DialFails,

    /// <summary>Time passes up to the next deadline.</summary>
    TimePasses,

    /// <summary>The process asks the session to end after the exchange in flight.</summary>
    Drains,

    /// <summary>The process cuts the session, as at the end of DRAIN_TIMEOUT.</summary>
    Cuts,
}
