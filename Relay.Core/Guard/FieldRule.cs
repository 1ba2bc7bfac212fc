namespace SocketRelay.Guard;

/// <summary>One row of an object's table: a field, what is tested about it, and the power behind it.</summary>
/// <param name="Field">The field's name in the engine's API; it is matched as the engine folds names.</param>
/// <param name="Power">What the field may ask for; None where it only has to be read.</param>
/// <param name="Test">The test, or null if only what the field holds is looked at.</param>
/// <param name="Form">What the field holds.</param>
/// <param name="Shape">The shape of the struct, of the list's elements or of the map's values; null if nothing inside is tested.</param>
internal sealed record FieldRule(string Field, GuardPower Power, FieldTest? Test, FieldForm Form = FieldForm.Value, ObjectShape? Shape = null)
{
    /// <summary>A field that is tested as a whole.</summary>
    public static FieldRule Of(string field, GuardPower power, FieldTest test) => new(field, power, test);

    /// <summary>A struct of known shape.</summary>
    public static FieldRule Object(string field, ObjectShape shape) => new(field, GuardPower.UnknownKind, null, FieldForm.Object, shape);

    /// <summary>A struct of known shape that is tested as a whole too.</summary>
    public static FieldRule Object(string field, ObjectShape shape, GuardPower power, FieldTest test) => new(field, power, test, FieldForm.Object, shape);

    /// <summary>A list of structs, each tested as a whole, of known shape.</summary>
    public static FieldRule List(string field, GuardPower power, FieldTest? test, ObjectShape shape) => new(field, power, test, FieldForm.List, shape);

    /// <summary>A list of structs of which nothing is known: null, which the engine would follow, may not stand in it.</summary>
    public static FieldRule List(string field) => new(field, GuardPower.UnknownKind, null, FieldForm.List);

    /// <summary>A map with free keys that nobody has to judge.</summary>
    public static FieldRule Map(string field) => new(field, GuardPower.None, null, FieldForm.Map);

    /// <summary>A map with free keys, tested as a whole, whose values are structs of known shape.</summary>
    public static FieldRule Map(string field, GuardPower power, FieldTest test, ObjectShape? shape = null) => new(field, power, test, FieldForm.Map, shape);
}
