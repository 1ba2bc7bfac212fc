using System.Diagnostics;

namespace SocketRelay.Tests.Support;

/// <summary>Bounded waiting for things that happen in other processes: looks again every few milliseconds, never for ever.</summary>
internal static class Deadline
{
    /// <summary>What a step that should take milliseconds may take on a busy machine.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(15);

    /// <summary>Waits until <paramref name="condition"/> holds.</summary>
    /// <param name="condition">Looked at every 5 ms; must be cheap.</param>
    /// <param name="what">What is awaited, for the message of the failure.</param>
    /// <param name="limit">The longest wait; <see cref="Step"/> when absent.</param>
    /// <exception cref="TimeoutException">It did not hold within the limit.</exception>
    public static void Until(Func<bool> condition, string what, TimeSpan? limit = null)
    {
        if (!Holds(condition, limit ?? Step))
            throw new TimeoutException($"{what}: not within {(limit ?? Step).TotalSeconds:0.#} s");
    }

    /// <summary>Waits until <paramref name="value"/> has been the same for <paramref name="rest"/>: where what is awaited leaves no other trace.</summary>
    /// <param name="value">Looked at every 5 ms; must be cheap.</param>
    /// <param name="rest">How long it has to stay.</param>
    /// <param name="what">What is awaited, for the message of the failure.</param>
    /// <returns>The value.</returns>
    /// <exception cref="TimeoutException">It was still changing at <see cref="Step"/>.</exception>
    public static long UntilItRests(Func<long> value, TimeSpan rest, string what)
    {
        var (last, since) = (value(), Stopwatch.StartNew());
        Until(
            () =>
            {
                var now = value();
                if (now != last)
                    since.Restart();
                last = now;
                return since.Elapsed > rest;
            },
            what);
        return last;
    }

    /// <summary>Waits like <see cref="Until"/>, and says instead of throwing whether the condition came to hold.</summary>
    public static bool Holds(Func<bool> condition, TimeSpan limit)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            if (clock.Elapsed > limit)
                return false;
            Thread.Sleep(5);
        }

        return true;
    }
}
