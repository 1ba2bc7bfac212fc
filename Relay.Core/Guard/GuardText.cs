using SocketRelay.Policy;

namespace SocketRelay.Guard;

/// <summary>The words of the guard's refusals.</summary>
internal static class GuardText
{
    private const string Forbidden = "Forbidden by socketrelay: ";

    /// <summary>One finding about a field that a switch opens, or nothing.</summary>
    public static string Refusal(string field, GuardPower power) => GuardPowers.VariableOf(power) is { } variable
        ? $"{field} needs {variable}=1"
        : $"{field} is never allowed ({GuardPowers.ReasonOf(power)})";

    /// <summary>What stands behind a finding that a fact about the engine would take away: nothing once the engine was asked for its facts.</summary>
    /// <param name="fact">The fact, such as <c>the host is on cgroup v1</c>.</param>
    /// <param name="settings">The settings in force.</param>
    public static string Unless(string fact, GuardSettings settings) =>
        settings.AwaitsFacts ? $" unless {fact}, which the engine has not said yet (GET /info): try again in a second" : "";

    /// <summary>The finding about an operation that is refused as a whole.</summary>
    /// <param name="kind">The guard of the route.</param>
    /// <param name="path">The path as sent.</param>
    /// <param name="power">The power behind the operation.</param>
    public static string Operation(GuardKind kind, string path, GuardPower power) => kind switch
    {
        GuardKind.SwarmTokens => $"GET {path}, which shows the swarm's keys,",
        GuardKind.SwarmMembership => $"POST {path}, which changes whom the swarm trusts,",
        GuardKind.PluginWrite => $"a change of plugins ({path}), which run with the host's power,",
        _ => $"a write to {path}, an operation that the relay does not know,",
    } + $" needs {GuardPowers.VariableOf(power)}=1";

    /// <summary>What would open a host path, the narrowest way.</summary>
    public static string PathOpener(string path, bool readOnly, bool shared) => HostPaths.IsBelowProc(path)
        ? "is never allowed (below /proc every process sees files of its own, the runtime as well)"
        : $"needs {GuardPowers.VariableOf(GuardPower.HostPaths)}={path}{(readOnly ? ":ro" : "")}{(shared ? ":shared" : "")}";

    /// <summary>What stands behind the opener of a read-only bind that an old API version was asked for.</summary>
    public static string ShallowReadOnly(GuardSettings settings) =>
        " without :ro, because below API version 1.44 what is mounted below stays writable; API 1.44 and newer pass with :ro" + Unless("the engine is older than 25", settings);

    /// <summary>The line about a mount that was taken out, for people at the CLI; under AUDIT_ONLY about one that would have been, for the log.</summary>
    public static string TakenOut(string field, string mount, bool isAudit) =>
        $"{(isAudit ? "" : "socketrelay left out ")}the host mount {mount} ({field}): it holds files of the host's system; {GuardPowers.VariableOf(GuardPower.HostPaths)} can open it";

    /// <summary>The finding about the relay itself.</summary>
    /// <param name="field">What named it.</param>
    /// <param name="match">How sure it is.</param>
    public static string Self(string field, SelfMatch match) => field + match switch
    {
        SelfMatch.ByLink => " may mean the relay's own container (it is no plain name, and links give others to any container)",
        SelfMatch.ByPrefix => " may mean the relay's own container (the id starts so)",
        _ => " means the relay's own container",
    } + $" and needs {GuardPowers.VariableOf(GuardPower.Self)}=0";

    /// <summary>The finding about the swarm service that the relay is a task of, or about the swarm.</summary>
    /// <param name="field">What named it.</param>
    public static string SelfService(string field) => $"{field} is what runs the relay itself and needs {GuardPowers.VariableOf(GuardPower.Self)}=0";

    /// <summary>The line about a call that may mean the relay itself, before that can be told.</summary>
    public static string SelfNotKnown =>
        $"Refused by socketrelay: the engine has not said yet which container is the relay's own, which {GuardPowers.VariableOf(GuardPower.Self)} keeps "
        + "from this call; try again in a second, and if that does not help, GET /_ping or the relay's log says why the engine does not answer";

    /// <summary>All findings in one line.</summary>
    /// <param name="findings">Those that were written out.</param>
    /// <param name="more">How many more there are.</param>
    public static string Line(IReadOnlyList<GuardFinding> findings, int more = 0) =>
        Forbidden + string.Join("; ", findings.Select(finding => finding.Text)) + (more > 0 ? $"; and {more} more" : "");

    /// <summary>One finding as the whole line.</summary>
    public static string Line(string finding) => Forbidden + finding;

    /// <summary>The line about a body that has no single meaning.</summary>
    /// <param name="defect">What is wrong.</param>
    /// <param name="offset">Where, in bytes.</param>
    /// <param name="name">For a name that stands twice: the name.</param>
    public static string Defect(JsonDefect defect, int offset, string? name = null) => "Refused by socketrelay: the JSON body " + defect switch
    {
        JsonDefect.ByteOrderMark => "starts with a byte order mark",
        JsonDefect.InvalidUtf8 => "is not valid UTF-8",
        JsonDefect.LoneSurrogate => $"has half of a surrogate pair near byte {offset}",
        JsonDefect.TooDeep => $"nests deeper than {StrictJson.MaxDepth} levels",
        JsonDefect.TooManyValues => $"has more than {StrictJson.MaxValues} values",
        JsonDefect.DuplicateName => $"has the name {name} twice near byte {offset}, and the engine would merge both",
        _ => $"is not one JSON value, near byte {offset}",
    };

    /// <summary>The line about a question that the engine did not answer.</summary>
    public static string Unanswered(GuardQuestion question, int status) =>
        $"Refused by socketrelay: the engine did not say what {question.Path} is"
        + (status == 0 ? "" : $" (status {status})") + ", and without that this call cannot be judged";
}
