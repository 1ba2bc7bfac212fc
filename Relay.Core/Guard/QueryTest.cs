namespace SocketRelay.Guard;

/// <summary>One test of one value of a query.</summary>
/// <param name="inspection">Takes the findings; it has no body.</param>
/// <param name="rule">The rule that named this test.</param>
/// <param name="pair">The pair; its value is not empty.</param>
internal delegate void QueryTest(ref Inspection inspection, QueryRule rule, scoped in QueryReader pair);
