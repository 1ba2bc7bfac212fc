using System.Text.Json;
using SocketRelay.Guard;
using SocketRelay.Http;
using SocketRelay.Policy;

namespace SocketRelay.Tests.Fuzz;

/// <summary>
/// Any bytes as the body of a create: what a JSON reader cannot read is refused; what passes holds no privilege and no host path for a
/// reader that folds names as Go does and takes the power from wherever it stands; and what was filtered passes as it is.
/// </summary>
internal static class JsonGuardTarget
{
    // More than an input of the longest size can name.
    private const int MaxQuestions = 10_000;

    private static readonly BodyGuard Guard = new(GuardSettingsParser.Parse(_ => null).Settings!);

    /// <summary>Runs one input.</summary>
    public static void Run(ReadOnlySpan<byte> input)
    {
        GuardResult result = Inspect(input);
        if (result.Outcome == GuardOutcome.Refuse)
        {
            FuzzFinding.Unless(result.Status is 400 or 403 or 404 or 413 && result.Text is { Length: > 0 }, "a refusal has no reason");
            return;
        }

        if (input.IsEmpty)
            return;
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(input.ToArray());
        }
        catch (JsonException)
        {
            throw new FuzzFinding("what is no JSON passes");
        }

        using (document)
        {
            FuzzFinding.Unless(document.RootElement.ValueKind == JsonValueKind.Object, "a body that is no object passes");
            FuzzFinding.Unless(!IsPrivileged(document.RootElement), "a privileged create passes");
            FuzzFinding.Unless(result.Body is not null || !BindsTheHost(document.RootElement), "a host path passes");
        }

        if (result.Body is { } filtered)
        {
            GuardResult again = Inspect(filtered);
            FuzzFinding.Unless(again.Outcome == GuardOutcome.Pass && again.Body is null, "a filtered body does not pass as it is");
        }
    }

    private static GuardResult Inspect(ReadOnlySpan<byte> body)
    {
        GuardRequest request = new()
        {
            Path = "/containers/create"u8, ContentType = "application/json"u8, HasContentType = true, Framing = BodyFraming.Chunked,
        };
        GuardResult result = Guard.Inspect(GuardKind.ContainerCreate, request, body);
        for (int questions = 0; result.Outcome == GuardOutcome.Ask; questions++)
        {
            FuzzFinding.Unless(questions < MaxQuestions, "the guard asks without end");
            result = Guard.Judge(result.Inquiry!, 404, """{"message":"No such object"}"""u8);
        }

        return result;
    }

    private static bool IsPrivileged(JsonElement create) =>
        HostConfigs(create).Any(config => Members(config, "privileged").Any(value => value.ValueKind == JsonValueKind.True));

    private static bool BindsTheHost(JsonElement create) =>
        HostConfigs(create)
            .SelectMany(config => Members(config, "binds"))
            .Where(binds => binds.ValueKind == JsonValueKind.Array)
            .SelectMany(binds => binds.EnumerateArray())
            .Any(bind => bind.ValueKind == JsonValueKind.String && IsHostPath(bind.GetString()!));

    // A path alone is a place in the container, for a volume without a name.
    private static bool IsHostPath(string bind) => bind.StartsWith('/') && bind.Contains(':', StringComparison.Ordinal);

    // An engine of old reads HostConfig's members at the top level, too, where HostConfig is null or absent.
    private static IEnumerable<JsonElement> HostConfigs(JsonElement create)
    {
        List<JsonElement> named = [.. Members(create, "hostconfig").Where(value => value.ValueKind == JsonValueKind.Object)];
        return named.Count == 0 ? [create] : named;
    }

    private static IEnumerable<JsonElement> Members(JsonElement element, string foldedName) =>
        element.EnumerateObject().Where(member => Fold(member.Name) == foldedName).Select(member => member.Value);

    private static string Fold(string name) => name.Replace('\u017F', 's').Replace('\u212A', 'k').ToLowerInvariant();
}
