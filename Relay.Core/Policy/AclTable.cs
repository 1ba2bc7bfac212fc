using System.Numerics;
using SocketRelay.Http;

namespace SocketRelay.Policy;

/// <summary>
/// A rule set under fixed settings, compiled: one bit per rule, so that a decision is the lowest bit of (rules in force) and (rules of this
/// method) and (rules of this path). Made by <see cref="AclCompiler"/>, never changed, read by all.
/// </summary>
internal sealed class AclTable
{
    private readonly CompiledRules _compiled;
    private readonly PathPatterns _patterns;
    private readonly ulong[] _byMethod;
    private readonly ulong _inForce;
    private readonly ulong _allowing;
    private readonly ulong _gates;

    /// <summary>For <see cref="AclCompiler"/> alone.</summary>
    /// <param name="rules">The dialect.</param>
    /// <param name="settings">The switches.</param>
    /// <param name="inForce">The rules that decide under these settings.</param>
    /// <exception cref="ArgumentException">The dialect is not total: its last rule does not concern every request.</exception>
    internal AclTable(RuleSet rules, PolicySettings settings, ulong inForce)
    {
        Rules = rules;
        Settings = settings;
        _compiled = rules.Compiled;
        _patterns = _compiled.Patterns;
        _byMethod = _compiled.ByMethod;
        _inForce = inForce;
        _allowing = _compiled.Allowing;
        _gates = _compiled.Gates;
    }

    /// <summary>The dialect that was compiled.</summary>
    public RuleSet Rules { get; }

    /// <summary>The settings under which it was compiled.</summary>
    public PolicySettings Settings { get; }

    /// <summary>
    /// Decides. Total and without allocation.
    /// </summary>
    /// <param name="method">The method.</param>
    /// <param name="path">The decoded path without version prefix (<see cref="DockerPath.Text"/>).</param>
    public Verdict Decide(HttpMethod method, ReadOnlySpan<byte> path) => VerdictOf(Concerning(method, path));

    /// <summary>What it says to an operation of the engine.</summary>
    public Verdict Decide(Route route) => VerdictOf(Concerning(route));

    /// <summary>Every rule of the dialect that this method and path match, in force or not, a bit each.</summary>
    internal ulong Concerning(HttpMethod method, ReadOnlySpan<byte> path) => _byMethod[(int)method] & _patterns.Match(path);

    /// <summary>Every rule of the dialect that concerns this operation of the engine, a bit each.</summary>
    internal ulong Concerning(Route route) => _compiled.Concerning(route);

    /// <summary>How many of the engine's operations a rule concerns: the lower, the narrower it is.</summary>
    /// <param name="rule">The index of the rule.</param>
    internal int BreadthOf(int rule) => _compiled.Breadths[rule];

    /// <summary>Of the rules that would each open this open operation, the one that opens most; the others add nothing to it.</summary>
    internal int WidestOpening(Route route)
    {
        ulong left = Concerning(route) & _inForce;
        int widest = BitOperations.TrailingZeroCount(left);
        // Up to the next rule that refuses: what stands behind that would not have been asked.
        for (; left != 0 && (_allowing >> BitOperations.TrailingZeroCount(left) & 1) != 0; left &= left - 1)
        {
            int rule = BitOperations.TrailingZeroCount(left);
            if (BreadthOf(rule) > BreadthOf(widest))
                widest = rule;
        }
        return widest;
    }

    /// <summary>The rule that decided, for records and metrics: the name of its switch (<c>CONTAINERS</c>), or <c>default</c>.</summary>
    public string RuleName(in Verdict verdict) => Rules.Rules[verdict.Rule].Name;

    /// <summary>
    /// The sentence of a refusal: what was refused and what would open it, for the body of a 403.
    /// </summary>
    /// <param name="verdict">A denying verdict of this table.</param>
    /// <param name="method">The method token as sent.</param>
    /// <param name="path">The raw path as sent.</param>
    public string DenialText(in Verdict verdict, ReadOnlySpan<byte> method, ReadOnlySpan<byte> path) =>
        Policy.DenialText.Of(this, verdict, method, path);

    private Verdict VerdictOf(ulong concerned)
    {
        // Never 0: the last rule concerns every request and is always in force.
        int rule = BitOperations.TrailingZeroCount(concerned & _inForce);
        if ((_allowing >> rule & 1) != 0)
            return new Verdict(true, DenyReason.None, (byte)rule);

        DenyReason reason = (concerned & _allowing) == 0 ? DenyReason.NeverOpen
            : (_gates >> rule & 1) != 0 ? DenyReason.MethodClosed
            : DenyReason.SectionClosed;
        return new Verdict(false, reason, (byte)rule);
    }
}
