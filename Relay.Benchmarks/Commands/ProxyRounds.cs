using SocketRelay.Benchmarks.Contenders;
using SocketRelay.Benchmarks.Load;
using SocketRelay.Benchmarks.Reports;

namespace SocketRelay.Benchmarks.Commands;

/// <summary>The rounds of a command that starts each proxy anew, in rotated order; the direct way has no part in them.</summary>
internal static class ProxyRounds
{
    /// <summary>Runs all rounds, or until the operator stops.</summary>
    /// <param name="lineup">Who takes part.</param>
    /// <param name="rounds">How many rounds.</param>
    /// <param name="report">Told whether all were measured.</param>
    /// <param name="stop">Set by the operator.</param>
    /// <param name="bar">Shows how far the run is.</param>
    /// <param name="measure">Starts the proxy and measures it in one round, telling which share of that is done and what follows; the proxy is stopped behind it.</param>
    public static void Run(
        Lineup lineup, int rounds, RunReport report, StopFlag stop, ProgressBar bar, Action<Contender, int, Action<double, string>> measure)
    {
        Contender[] proxies = [.. lineup.Contenders.Where(one => one is not DirectContender)];
        int done = 0;
        foreach (PlanStep step in RoundRobinPlan.Steps(rounds, 1, proxies.Length))
        {
            Contender proxy = proxies[step.Contender];
            int before = done++;
            try
            {
                measure(proxy, step.Round, (share, what) => bar.Show((before + share) / (rounds * proxies.Length), what));
            }
            catch (HarnessException) when (stop.IsSet)
            {
                break;
            }
            finally
            {
                proxy.Dispose();
            }
            if (stop.IsSet)
                break;
        }
        report.IsComplete = !stop.IsSet;
    }
}
