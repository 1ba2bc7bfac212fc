namespace SocketRelay.Guard;

/// <summary>One test of one field's value. It says what it finds to the inspection; it must refuse a value of a JSON type that the field cannot have.</summary>
/// <param name="inspection">The inspection of the body.</param>
/// <param name="rule">The rule that named this test.</param>
/// <param name="value">The node of the field's value; never absent.</param>
internal delegate void FieldTest(ref Inspection inspection, FieldRule rule, int value);
