using System.Text;
using SocketRelay.Policy;

namespace SocketRelay.Tests.Policy;

/// <summary>
/// Paths that nobody means: operations with something changed. Deterministic for a seed; one character is one byte, and every one of them
/// is a request-target that HAProxy's parser lets through to its rules, or refuses by itself.
/// </summary>
internal static class OddPaths
{
    private static readonly string[] Prefixes =
    [
        "", "/v1.41", "/v1", "/v...", "/v1.41/v1.41", "/V1.41", "/v", "/v1.41x", "/v-1", "/%76%31", "/v1%2e41", "/v1.41%2F", "/", "/.", "/..", "/./v1.41",
        "/v1.41/..", "/version/..", "/_ping/%2e%2e", "/x", "/libpod", "/v1.41/libpod", "/%2e", "/%2e%2e/%2e", "/events/../v1.41", "/..%2f", "/%00", "/v1.41%00", "/v1.41;a",
    ];

    private static readonly string[] Suffixes =
    [
        "", "/", "//", "x", "X/json", "/x", "/.", "/..", "/../json", "/%2e%2e", "%2F", "%2Fjson", "%00", "%", "%z", "%zz", "%2", ";a=b", "%3Fall=1", "%23", "%20", "%0a",
        "%0d%0aX:y", "/stop", "/start", "/stopx", "/restart/exec", "/kill/../exec", "/start/..", "/stop%2Fexec", "~", "%C3%A9", "%25", "%252F..", "+", "/*", "[]", "\\..\\x",
    ];

    /// <summary>Method and path, many hundreds of them.</summary>
    /// <param name="seed">Decides the random ones.</param>
    /// <param name="count">How many random ones follow the systematic ones.</param>
    public static IEnumerable<(string Method, string Path)> Generate(int seed, int count)
    {
        foreach (string prefix in Prefixes)
        {
            foreach (string core in (string[])["/containers/json", "/containers/x/start", "/version", "/images/a/json"])
                yield return ("GET", prefix + core);
        }

        foreach (string suffix in Suffixes)
        {
            yield return ("GET", "/containers" + suffix);
            yield return ("POST", "/containers/x" + suffix);
            yield return ("POST", "/containers/x/stop" + suffix);
            yield return ("DELETE", "/images/a" + suffix);
            yield return ("GET", "/_ping" + suffix);
        }

        var random = new Random(seed);
        IReadOnlyList<Route> routes = RouteTable.Routes;
        for (int i = 0; i < count; i++)
        {
            Route route = routes[random.Next(routes.Count)];
            string method = random.Next(4) == 0 ? Pick(random, "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "get", "PURGE") : route.Method;
            string prefix = random.Next(2) == 0 ? Pick(random, "", "/v1.41") : Pick(random, Prefixes);
            yield return (method, prefix + Mutate(random, route.SamplePath) + (random.Next(2) == 0 ? "" : Pick(random, Suffixes)));
        }
    }

    private static string Mutate(Random random, string path)
    {
        var text = new StringBuilder();
        foreach (char c in path)
        {
            switch (random.Next(40))
            {
                case 0:
                    text.Append('%').Append(((int)c).ToString(random.Next(2) == 0 ? "x2" : "X2", null));
                    break;
                case 1:
                    text.Append(char.IsUpper(c) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c));
                    break;
                case 2 when c == '/':
                    text.Append(Pick(random, "//", "/./", "/../", "%2f", "%2F", "/%2e/", "%5c", "%252f"));
                    break;
                case 3 when random.Next(4) == 0:
                    break;
                default:
                    text.Append(c);
                    break;
            }
        }

        return text.ToString();
    }

    private static T Pick<T>(Random random, params T[] from) => from[random.Next(from.Length)];
}
