using SocketRelay.Benchmarks.Load;

namespace SocketRelay.Benchmarks.Contenders;

/// <summary>The engine and the contenders of a run, all started; disposing stops what was started here.</summary>
internal sealed class Lineup : IDisposable
{
    /// <summary>Where an engine usually listens.</summary>
    public const string UsualEngine = "unix:///var/run/docker.sock";

    private static readonly RelayTelling[] Tellings = Enum.GetValues<RelayTelling>();

    private readonly StandInProcess? _standIn;
    private readonly List<Contender> _contenders = [];

    /// <summary>Finds and starts everybody.</summary>
    /// <param name="options">Who takes part.</param>
    /// <param name="folder">The run's folder.</param>
    /// <param name="notes">Takes a sentence for each contender that is left out.</param>
    /// <param name="say">Takes lines about slow steps.</param>
    /// <param name="starts">False leaves the contenders to be started by the command (which measures the start).</param>
    /// <exception cref="HarnessException">The engine or a proxy cannot be reached or started.</exception>
    public Lineup(LineupOptions options, RunFolder folder, List<string> notes, Action<string> say, bool starts = true)
    {
        UsesStandIn = options.Engine is null && options.Through.Count == 0;
        try
        {
            if (UsesStandIn)
                _standIn = new StandInProcess(folder);
            Engine = _standIn?.Target ?? Target.Parse(options.Engine ?? UsualEngine);
            if (Engine.WhyUnreachable() is string why)
                throw new HarnessException($"the engine at {Engine} cannot be reached: {why}; start it, or name another with --engine");
            foreach (Contender contender in Gather(options, folder, notes, say))
            {
                _contenders.Add(contender);
                if (starts)
                    contender.Start(Engine);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>True where the embedded stand-in engine answers: its answers are known byte for byte.</summary>
    public bool UsesStandIn { get; }

    /// <summary>The engine.</summary>
    public Target Engine { get; }

    /// <summary>Everybody, the direct way first.</summary>
    public IReadOnlyList<Contender> Contenders => _contenders;

    /// <summary>The contender that ratios refer to: HAProxy where it takes part, else the relay that tells nothing, else the direct way.</summary>
    public Contender Baseline => _contenders.Find(static one => one is HaproxyContender)
        ?? _contenders.Find(static one => one.Name == RelayContender.NameOf(RelayTelling.Quiet)) ?? _contenders[0];

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (Contender contender in _contenders)
            contender.Dispose();
        _standIn?.Dispose();
    }

    /// <summary>The contenders one by one: those that cost nothing to find come first, so that a wrong address is told before anything is built.</summary>
    private IEnumerable<Contender> Gather(LineupOptions options, RunFolder folder, List<string> notes, Action<string> say)
    {
        yield return new DirectContender();
        foreach (string address in options.Through)
            yield return new AddressContender(address);
        IReadOnlyList<string> peers = options.Peers.Count > 0 ? options.Peers : UsesStandIn ? ["relay", "haproxy"] : options.Through.Count == 0 ? ["relay"] : [];
        foreach (string peer in peers)
        {
            if (Array.FindIndex(Tellings, one => RelayContender.NameOf(one) == peer) is >= 0 and int telling)
                yield return new RelayContender(RelayPublisher.Find(say), folder, options.MaxConnections, Tellings[telling]);
            else if (peer != "haproxy")
                throw new HarnessException($"--peer {peer}: known are relay, relay-quiet, relay-telling and haproxy");
            else if (HaproxyContender.Find(options.HaproxyPath, folder) is HaproxyContender haproxy)
                yield return haproxy;
            else
                notes.Add("HAProxy is skipped: it is not installed here (apt install haproxy, or --haproxy PATH)");
        }
    }
}
