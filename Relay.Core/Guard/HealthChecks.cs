using System.Text.Json;

namespace SocketRelay.Guard;

/// <summary>Health checks, wherever one is carried: create, commit, a service, and the config of a container that is to start. Engines before
/// 29.5 take the second word of a check without looking whether there is one, outside of any handler: the engine ends.</summary>
internal static class HealthChecks
{
    /// <summary>The table of a Healthcheck.</summary>
    public static ObjectShape Shape { get; } = new(FieldRule.Of("Test", GuardPower.EngineHarm, Test));

    /// <summary>Whether a check is a word that wants a command, and no command. <c>NONE</c> and words that the engine does not know run nothing.</summary>
    /// <param name="json">The text.</param>
    /// <param name="test">The node of Healthcheck.Test, or -1.</param>
    /// <param name="scratch">Room for the text of one value.</param>
    public static bool HasNoCommand(JsonView json, int test, char[] scratch)
    {
        if (json.KindOf(test) != JsonTokenType.StartArray)
            return false;
        int first = json.FirstIn(test);
        if (json.KindOf(first) != JsonTokenType.String || json.After(first) >= 0)
            return false;
        ReadOnlySpan<char> word = json.TextOf(first, scratch);
        return WordFolding.MayBe(word, "cmd") || WordFolding.MayBe(word, "cmd-shell");
    }

    private static void Test(ref Inspection inspection, FieldRule rule, int value)
    {
        if (!FieldTests.IsList(ref inspection, value))
            return;
        for (int child = inspection.Json.FirstIn(value); child >= 0; child = inspection.Json.After(child))
            if (inspection.Json.KindOf(child) != JsonTokenType.String)
                inspection.RefuseType(child);
        if (HasNoCommand(inspection.Json, value, inspection.Scratch))
            inspection.RefuseAlways(rule.Power, value, "a health check of one word ends the engine: it has no command");
    }
}
