using System.Globalization;
using System.Text.Json;

namespace SocketRelay.Guard;

/// <summary>Judges the engine's answer about a service that is to be updated. The engine compares the version that the update names with the
/// service's, so what it was in that version is what counts, and in no other.</summary>
internal static class ServiceJudge
{
    /// <summary>What engines say to an update from an older version; clients look for it and try again.</summary>
    private const string OutOfSequence = "rpc error: code = Unknown desc = update out of sequence";

    /// <summary>A rollback: the service's previous spec is judged as if it were sent.</summary>
    /// <param name="inquiry">Gets the questions that follow.</param>
    /// <param name="pending">The question, with the version that the update names.</param>
    /// <param name="inspection">An inspection of the answer.</param>
    /// <returns>The refusal, or null.</returns>
    public static GuardResult? Rollback(GuardInquiry inquiry, PendingQuestion pending, ref Inspection inspection)
    {
        JsonView json = inspection.Json;
        if (VersionOf(json) is not { } version)
            return GuardResult.Refuse(503, GuardText.Unanswered(pending.Question, 200));
        if (pending.Detail != version)
            return Refuse(GuardPower.HostPaths, $"rollback is never allowed from a version other than the service's ({version})");
        int previous = json.Find(0, "PreviousSpec"u8);
        if (json.IsNothing(previous))
            return null;
        ShapeWalker.Walk(ref inspection, previous, ServiceSpecInspector.Shape);
        foreach (PendingQuestion question in inspection.Questions ?? [])
            inquiry.Add(question);
        return inspection.Findings is { } findings ? GuardResult.Refuse(403, GuardText.Line(findings, inspection.MoreFindings), findings[0].Power) : null;
    }

    /// <summary>An update without credentials of its own: those that the engine keeps for the service go to the registry of the new image, so
    /// that must be the one that they were given for.</summary>
    /// <param name="pending">The question, with the version that the update names and its image.</param>
    /// <param name="json">The answer.</param>
    /// <returns>The refusal, or null.</returns>
    public static GuardResult? KeptCredentials(PendingQuestion pending, JsonView json)
    {
        ServiceImage image = pending.Image!;
        if (VersionOf(json) is not { } version)
            return GuardResult.Refuse(503, GuardText.Unanswered(pending.Question, 200));
        if (pending.Detail != version)
            return GuardResult.Refuse(500, OutOfSequence);
        int previous = json.Find(0, "PreviousSpec"u8);
        int given = image.CredentialsOfPrevious ? previous : json.Find(0, "Spec"u8);
        string? other = FindOther(json, given, image.Registry);
        if (other is null && image.PulledAtOnce)
            other = FindOther(json, json.Find(0, "Spec"u8), image.Registry) ?? (json.IsNothing(previous) ? null : FindOther(json, previous, image.Registry));
        return other is null ? null : Refuse(
            GuardPower.RegistryCredentials,
            $"{pending.Field} with an image of {JsonView.Shorten(image.Registry)}, which the engine would send the credentials that it keeps for {JsonView.Shorten(other)}, "
            + $"needs an X-Registry-Auth of the call's own (docker's --with-registry-auth) or {GuardPowers.VariableOf(GuardPower.RegistryCredentials)}=1");
    }

    private static GuardResult Refuse(GuardPower power, string finding) => GuardResult.Refuse(403, GuardText.Line(finding), power);

    private static string? VersionOf(JsonView json) =>
        json.NumberOf(json.Find(json.Find(0, "Version"u8), "Index"u8))?.ToString(CultureInfo.InvariantCulture);

    // The registry of a spec where it is another one; a spec without an image may have been given credentials for any.
    private static string? FindOther(JsonView json, int spec, string registry)
    {
        int image = json.Find(json.Find(json.Find(spec, "TaskTemplate"u8), "ContainerSpec"u8), "Image"u8);
        if (json.KindOf(image) != JsonTokenType.String)
            return "an image that is not known";
        string its = ImageRegistry.Of(json.StringOf(image));
        return its == registry ? null : its;
    }
}
