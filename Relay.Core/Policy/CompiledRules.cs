using System.Text;
using SocketRelay.Http;

namespace SocketRelay.Policy;

/// <summary>
/// The rules of a dialect as bits, one for each rule: whom a rule concerns and what it says, which no switch changes. Never changed after it
/// is made.
/// </summary>
internal sealed class CompiledRules
{
    private readonly ulong[] _byRoute;

    /// <summary>Compiles the rules; the one at index n owns bit n.</summary>
    /// <param name="rules">At most 64, and the last one concerns every request.</param>
    /// <exception cref="ArgumentException">The last rule does not concern every request.</exception>
    public CompiledRules(IReadOnlyList<Rule> rules)
    {
        if (rules[^1] is not { Methods: MethodSet.Any, Pattern: "/**", Switch: null })
            throw new ArgumentException("the last rule has to concern every request", nameof(rules));

        string[] patterns = new string[rules.Count];
        ByMethod = new ulong[(int)HttpMethod.Trace + 1];
        for (int i = 0; i < rules.Count; i++)
        {
            ulong bit = 1UL << i;
            patterns[i] = rules[i].Pattern;
            for (int method = 0; method < ByMethod.Length; method++)
                ByMethod[method] |= ((int)rules[i].Methods >> method & 1) != 0 ? bit : 0;
            Allowing |= rules[i].Allows ? bit : 0;
            Gates |= !rules[i].Allows && rules[i].Switch is not null ? bit : 0;
        }
        Patterns = new PathPatterns(patterns);

        IReadOnlyList<Route> routes = RouteTable.Routes;
        _byRoute = new ulong[routes.Count];
        Breadths = new int[rules.Count];
        for (int i = 0; i < _byRoute.Length; i++)
        {
            _byRoute[i] = ByMethod[(int)routes[i].ParsedMethod] & Patterns.Match(Encoding.ASCII.GetBytes(routes[i].SamplePath));
            for (int rule = 0; rule < Breadths.Length; rule++)
                Breadths[rule] += (int)(_byRoute[i] >> rule & 1);
        }
    }

    /// <summary>The paths of the rules.</summary>
    public PathPatterns Patterns { get; }

    /// <summary>The rules that concern each method; the index is the <see cref="HttpMethod"/>.</summary>
    public ulong[] ByMethod { get; }

    /// <summary>The rules that allow.</summary>
    public ulong Allowing { get; }

    /// <summary>The rules that refuse while a switch is off.</summary>
    public ulong Gates { get; }

    /// <summary>How many of the engine's operations each rule concerns: the fewer, the narrower it is.</summary>
    public int[] Breadths { get; }

    /// <summary>The rules that concern this operation of the engine.</summary>
    public ulong Concerning(Route route) => _byRoute[route.Id - 1];
}
