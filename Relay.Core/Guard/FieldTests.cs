using System.Text.Json;

namespace SocketRelay.Guard;

/// <summary>The plain tests, which many rows share. Zero values pass, because the CLI and compose write every field.</summary>
internal static class FieldTests
{
    /// <summary>Refuses <c>true</c>.</summary>
    public static void True(ref Inspection inspection, FieldRule rule, int value)
    {
        switch (inspection.Json.KindOf(value))
        {
            case JsonTokenType.True:
                inspection.Refuse(rule.Power, value);
                break;
            case not (JsonTokenType.False or JsonTokenType.Null):
                inspection.RefuseType(value);
                break;
        }
    }

    /// <summary>Refuses a list with elements.</summary>
    public static void AnyElement(ref Inspection inspection, FieldRule rule, int value) => AnyInside(ref inspection, rule, value, JsonTokenType.StartArray);

    /// <summary>Refuses a map with keys.</summary>
    public static void AnyKey(ref Inspection inspection, FieldRule rule, int value) => AnyInside(ref inspection, rule, value, JsonTokenType.StartObject);

    /// <summary>Refuses a string with characters.</summary>
    public static void AnyText(ref Inspection inspection, FieldRule rule, int value)
    {
        if (!IsText(ref inspection, value))
            return;
        if (inspection.Json[value].Length > 2)
            inspection.Refuse(rule.Power, value);
    }

    /// <summary>Refuses a number other than zero.</summary>
    public static void NotZero(ref Inspection inspection, FieldRule rule, int value)
    {
        if (IsNumber(ref inspection, value) && inspection.Json.NumberOf(value) != 0)
            inspection.Refuse(rule.Power, value);
    }

    /// <summary>Refuses a number below zero.</summary>
    public static void Negative(ref Inspection inspection, FieldRule rule, int value)
    {
        if (IsNumber(ref inspection, value) && inspection.Json.NumberOf(value) < 0)
            inspection.Refuse(rule.Power, value);
    }

    /// <summary>Refuses anything that is not empty through and through: null, false, zero, no text, nothing inside, or only such values inside.</summary>
    public static void AnyContent(ref Inspection inspection, FieldRule rule, int value)
    {
        if (!IsEmpty(inspection.Json, value))
            inspection.Refuse(rule.Power, value);
    }

    /// <summary>Whether a value is a string; null is none, and anything else is refused.</summary>
    public static bool IsText(ref Inspection inspection, int value) => Is(ref inspection, value, JsonTokenType.String);

    /// <summary>Whether a value is a list; null is none, and anything else is refused.</summary>
    public static bool IsList(ref Inspection inspection, int value) => Is(ref inspection, value, JsonTokenType.StartArray);

    /// <summary>Whether a value is an object; null is none, and anything else is refused.</summary>
    public static bool IsObject(ref Inspection inspection, int value) => Is(ref inspection, value, JsonTokenType.StartObject);

    /// <summary>Whether a value is empty through and through.</summary>
    public static bool IsEmpty(JsonView json, int value)
    {
        switch (json.KindOf(value))
        {
            case JsonTokenType.Null or JsonTokenType.False:
                return true;
            case JsonTokenType.String:
                return json[value].Length == 2;
            case JsonTokenType.Number:
                return json.NumberOf(value) == 0;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                for (int child = json.FirstIn(value); child >= 0; child = json.After(child))
                    if (!IsEmpty(json, child))
                        return false;
                return true;
            default:
                return false;
        }
    }

    /// <summary>Whether a value is a whole number; null is none, and anything else is refused.</summary>
    public static bool IsNumber(ref Inspection inspection, int value)
    {
        if (inspection.Json.KindOf(value) == JsonTokenType.Null)
            return false;
        if (inspection.Json.NumberOf(value) is not null)
            return true;
        inspection.RefuseType(value);
        return false;
    }

    private static bool Is(ref Inspection inspection, int value, JsonTokenType kind)
    {
        JsonTokenType found = inspection.Json.KindOf(value);
        if (found != kind && found != JsonTokenType.Null)
            inspection.RefuseType(value);
        return found == kind;
    }

    private static void AnyInside(ref Inspection inspection, FieldRule rule, int value, JsonTokenType kind)
    {
        if (Is(ref inspection, value, kind) && inspection.Json.FirstIn(value) >= 0)
            inspection.Refuse(rule.Power, value);
    }

    /// <summary>Whether a text is one of some, letter by letter.</summary>
    public static bool IsOneOf(ReadOnlySpan<char> text, scoped ReadOnlySpan<string> options)
    {
        foreach (string option in options)
            if (text.SequenceEqual(option))
                return true;
        return false;
    }
}
