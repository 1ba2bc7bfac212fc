using System.Text;
using SocketRelay.Guard;
using SocketRelay.Http;
using SocketRelay.Policy;

namespace SocketRelay.Tests.Guard;

/// <summary>Takes one request through the guard as a session would, with an engine that answers from a table.</summary>
internal sealed class GuardRun
{
    private readonly Dictionary<string, (int Status, string Body)> _answers = new(StringComparer.Ordinal);

    /// <summary>A run under settings written as the environment has them: <c>NAME=value</c>.</summary>
    public GuardRun(params string[] variables)
    {
        Guard = new BodyGuard(SettingsOf(variables));
    }

    /// <summary>The guard, so that its self may be set.</summary>
    public BodyGuard Guard { get; }

    /// <summary>The questions that were asked, in order.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>The settings of an environment; they must be understood. The engine is on cgroup v1, as those that the fixtures were recorded on.</summary>
    public static GuardSettings SettingsOf(params string[] variables)
    {
        var env = variables.Select(variable => variable.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        (GuardSettings? settings, IReadOnlyList<string> errors) = GuardSettingsParser.Parse(name => env.GetValueOrDefault(name));
        errors.ShouldBeEmpty();
        return settings! with { CgroupV2 = false, DataRoot = "/var/lib/docker", DefaultRuntime = "runc", AuditOnly = env.ContainsKey("AUDIT_ONLY") };
    }

    /// <summary>Lets the engine answer a question.</summary>
    public GuardRun Answer(string path, string body, int status = 200)
    {
        _answers[path] = (status, body);
        return this;
    }

    /// <summary>Judges a request with a JSON body.</summary>
    public GuardResult Body(GuardKind kind, string body, string name = "", string query = "") =>
        Judge(kind, Encoding.UTF8.GetBytes(body), name, query, "application/json");

    /// <summary>Judges a create whose HostConfig has these members.</summary>
    public GuardResult HostConfig(string members) => Body(GuardKind.ContainerCreate, "{\"Image\":\"busybox\",\"HostConfig\":{" + members + "}}");

    /// <summary>Judges a request without body.</summary>
    public GuardResult Head(GuardKind kind, string name = "", string query = "", string path = "/x") => Judge(kind, null, name, query, null, path);

    /// <summary>Judges a request.</summary>
    public GuardResult Judge(
        GuardKind kind, byte[]? body, string name = "", string query = "", string? contentType = null, string path = "/x", bool encoded = false, bool hasRegistryAuth = false, bool isChunked = false)
    {
        var request = new GuardRequest
        {
            Path = Encoding.UTF8.GetBytes(path), Name = Encoding.UTF8.GetBytes(name), Query = Encoding.UTF8.GetBytes(query),
            ContentType = Encoding.UTF8.GetBytes(contentType ?? ""), HasContentType = contentType is not null, HasContentEncoding = encoded, HasRegistryAuth = hasRegistryAuth,
            Framing = body is null ? BodyFraming.None : isChunked ? BodyFraming.Chunked : new BodyFraming(BodyFramingKind.Length, body.Length),
        };
        GuardResult result = Guard.Look(kind, request);
        if (result.Outcome == GuardOutcome.NeedsBody)
            result = Guard.Inspect(kind, request, body);
        for (int i = 0; result.Outcome == GuardOutcome.Ask; i++)
        {
            i.ShouldBeLessThan(100, "the guard asks without end");
            string question = result.Question!.Path;
            Asked.Add(question);
            (int status, string answer) = _answers.GetValueOrDefault(question, (404, """{"message":"No such object"}"""));
            result = Guard.Judge(result.Inquiry!, status, Encoding.UTF8.GetBytes(answer));
        }

        return result;
    }

    /// <summary>Asserts that a result is a refusal with this status whose text has all of these.</summary>
    public static void ShouldRefuse(GuardResult result, int status, params string[] texts)
    {
        result.Outcome.ShouldBe(GuardOutcome.Refuse);
        result.Status.ShouldBe(status, result.Text);
        foreach (string text in texts)
            result.Text!.ShouldContain(text);
    }

    /// <summary>Asserts that a result passes with nothing changed.</summary>
    public static void ShouldPassUntouched(GuardResult result)
    {
        result.Outcome.ShouldBe(GuardOutcome.Pass, result.Text);
        result.Body.ShouldBeNull();
        result.Warnings.ShouldBeNull();
        result.TargetEdit.ShouldBeNull();
    }
}
