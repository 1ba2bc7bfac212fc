using System.Globalization;

namespace SocketRelay.Host.Commands;

/// <summary>What a health check asks of <c>wget</c>: the options of busybox that such checks use, joined forms too.</summary>
internal sealed record WgetArguments
{
    /// <summary>busybox's own default, seconds.</summary>
    private const int DefaultTimeoutSeconds = 900;

    /// <summary><c>-q</c>: says nothing.</summary>
    public bool IsQuiet { get; init; }

    /// <summary><c>-S</c>: prints the answer's head on standard error.</summary>
    public bool ShowsHead { get; init; }

    /// <summary><c>--spider</c>: asks, and keeps nothing.</summary>
    public bool IsSpider { get; init; }

    /// <summary><c>-O</c>: where the body goes; <c>-</c> is standard output; null is a file named as the address ends.</summary>
    public string? OutputFile { get; init; }

    /// <summary><c>-T</c>: bound of connecting and of each read.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(DefaultTimeoutSeconds);

    /// <summary><c>-U</c>.</summary>
    public string UserAgent { get; init; } = "Wget";

    /// <summary><c>--header</c>, in their order.</summary>
    public IReadOnlyList<string> FieldLines { get; init; } = [];

    /// <summary>The address as it was written.</summary>
    public string Url { get; init; } = "";

    /// <summary>
    /// Reads <paramref name="arguments"/> as getopt_long(3) does: options and the address in any order, <c>--</c> ends the options.
    /// </summary>
    /// <param name="arguments">What stands behind the name.</param>
    /// <param name="error">One line where this returns null.</param>
    public static WgetArguments? Parse(IReadOnlyList<string> arguments, out string error)
    {
        WgetArguments parsed = new();
        List<string> urls = [];
        List<string> fieldLines = [];
        error = "";
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            if (argument == "--")
            {
                urls.AddRange(arguments.Skip(i + 1));
                break;
            }
            if (!argument.StartsWith('-') || argument == "-")
            {
                urls.Add(argument);
                continue;
            }
            WgetArguments? next = argument.StartsWith("--", StringComparison.Ordinal)
                ? parsed.WithLong(argument[2..], arguments, ref i, fieldLines, out error)
                : parsed.WithShort(argument[1..], arguments, ref i, out error);
            if (next is null)
                return null;
            parsed = next;
        }
        if (urls.Count == 1)
            return parsed with { Url = urls[0], FieldLines = fieldLines };
        error = urls.Count == 0 ? "no address given" : "one address at a time";
        return null;
    }

    private WgetArguments? WithLong(string option, IReadOnlyList<string> arguments, ref int i, List<string> fieldLines, out string error)
    {
        int equals = option.IndexOf('=');
        string name = equals < 0 ? option : option[..equals];
        string? value = equals < 0 ? null : option[(equals + 1)..];
        error = "";
        switch (name)
        {
            case "spider":
                return this with { IsSpider = true };
            case "quiet":
                return this with { IsQuiet = true };
            case "server-response":
                return this with { ShowsHead = true };
            case "no-verbose" or "no-check-certificate" or "no-proxy":
                return this;
            case "output-document" or "timeout" or "tries" or "header" or "user-agent" or "proxy":
                break;
            default:
                error = $"unrecognized option '--{name}'";
                return null;
        }
        if (value is null && ++i < arguments.Count)
            value = arguments[i];
        if (value is null)
        {
            error = $"option '--{name}' requires an argument";
            return null;
        }
        if (name == "header")
        {
            if (value.AsSpan().ContainsAny('\r', '\n'))
            {
                error = "a field line may not hold a line end";
                return null;
            }
            fieldLines.Add(value);
            return this;
        }
        char letter = name switch { "output-document" => 'O', "timeout" => 'T', "user-agent" => 'U', _ => 't' };
        return WithValue(letter, value, out error);
    }

    private WgetArguments? WithShort(string letters, IReadOnlyList<string> arguments, ref int i, out string error)
    {
        WgetArguments parsed = this;
        error = "";
        for (int at = 0; at < letters.Length; at++)
        {
            switch (letters[at])
            {
                case 'q':
                    parsed = parsed with { IsQuiet = true };
                    continue;
                case 'S':
                    parsed = parsed with { ShowsHead = true };
                    continue;
                case 'n' when letters[(at + 1)..] is "v" or "c" or "d":
                    return parsed; // -nv, and busybox ignores its kin too
                case 'c':
                    continue; // nothing is kept from an earlier run
                case 'O' or 'T' or 't' or 'U' or 'Y':
                    string? value = at + 1 < letters.Length ? letters[(at + 1)..] : ++i < arguments.Count ? arguments[i] : null;
                    if (value is null)
                    {
                        error = $"option requires an argument -- '{letters[at]}'";
                        return null;
                    }
                    return parsed.WithValue(letters[at], value, out error);
                default:
                    error = $"unrecognized option: {letters[at]}";
                    return null;
            }
        }
        return parsed;
    }

    private WgetArguments? WithValue(char letter, string value, out string error)
    {
        error = "";
        switch (letter)
        {
            case 'O':
                return this with { OutputFile = value };
            case 'U':
                return this with { UserAgent = value };
            case 'T':
                if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds is > 0 and <= 86_400)
                    return this with { Timeout = TimeSpan.FromSeconds(seconds) };
                error = $"invalid number '{value}'";
                return null;
            default:
                return this; // tries and the proxy switch: one try is made, and no proxy is asked
        }
    }
}
