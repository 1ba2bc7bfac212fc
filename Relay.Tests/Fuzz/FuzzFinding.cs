namespace SocketRelay.Tests.Fuzz;

/// <summary>A promise that an input broke.</summary>
/// <param name="message">Which one.</param>
internal sealed class FuzzFinding(string message) : Exception(message)
{
    /// <summary>Throws where <paramref name="promise"/> does not hold.</summary>
    public static void Unless(bool promise, string message)
    {
        if (!promise)
            throw new FuzzFinding(message);
    }
}
