using SocketRelay.Exchange;

namespace SocketRelay.Tests.Schedules;

/// <summary>What the two sides of a session have to say to each other; the schedule says when.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Client">What the client sends, piece by piece.</param>
/// <param name="Engine">
/// What the engine sends, piece by piece, each with the number of request bytes after which it may: an engine answers what it has read.
/// </param>
internal sealed record ScheduleScenario(string Name, string[] Client, (int After, string Piece)[] Engine)
{
    /// <summary>The answer to each question of the guard.</summary>
    public const string QuestionAnswer = "HTTP/1.1 404 Not Found\r\nContent-Length: 24\r\n\r\n{\"message\":\"not found\"}\r\n";

    /// <summary>Who breaks HTTP by what it has to say.</summary>
    public EndParty[] AtFault { get; init; } = [];

    /// <summary>Whether the guard is on.</summary>
    public bool IsGuarded { get; init; }

    /// <summary>Bytes that either side takes before it must read on; 0 for as many as there are.</summary>
    public int Window { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
