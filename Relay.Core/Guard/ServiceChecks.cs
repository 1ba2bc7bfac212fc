using System.Text.Json;

namespace SocketRelay.Guard;

/// <summary>Tests of a service's fields that cost its managers: numbers of tasks, and templates that the swarm fills in.</summary>
internal static class ServiceChecks
{
    /// <summary>Tasks of one service, and tasks that change at once. Each task is an entry in the store of every manager, 1.7 KB and 75 us of it, and
    /// each at once is a thread of work of the manager. Large swarms run some thousand tasks in all.</summary>
    public const int MostTasks = 10_000;

    /// <summary>What a template may name: short values. A service's labels are not among them, since they are as long as a body.</summary>
    private static readonly NameList Names = NameList.Of(
    [
        "Service.ID", "Service.Name", "Node.ID", "Node.Hostname", "Node.Platform.OS", "Node.Platform.Architecture", "Task.ID", "Task.Name", "Task.Slot",
    ]);

    /// <summary>Replicas, completions of a job, and how many tasks change at once.</summary>
    public static void Tasks(ref Inspection inspection, FieldRule rule, int value)
    {
        if (FieldTests.IsNumber(ref inspection, value) && inspection.Json.NumberOf(value) is < 0 or > MostTasks)
            inspection.RefuseAlways(rule.Power, value, $"more than {MostTasks} tasks");
    }

    /// <summary>Env: <c>NAME=template</c>.</summary>
    public static void Env(ref Inspection inspection, FieldRule rule, int value)
    {
        if (!FieldTests.IsList(ref inspection, value))
            return;
        for (int child = inspection.Json.FirstIn(value); child >= 0; child = inspection.Json.After(child))
            if (FieldTests.IsText(ref inspection, child))
                Template(ref inspection, rule, child);
    }

    /// <summary>Hostname: a template.</summary>
    public static void Hostname(ref Inspection inspection, FieldRule rule, int value)
    {
        if (FieldTests.IsText(ref inspection, value))
            Template(ref inspection, rule, value);
    }

    /// <summary>GenericResources: the engine follows one of two fields, whether it is there or not.</summary>
    public static void GenericResources(ref Inspection inspection, FieldRule rule, int value)
    {
        if (inspection.Json.KindOf(value) != JsonTokenType.StartArray)
            return;
        for (int child = inspection.Json.FirstIn(value); child >= 0; child = inspection.Json.After(child))
            if (inspection.Json.KindOf(child) == JsonTokenType.StartObject && IsNone(inspection.Json, child, "NamedResourceSpec"u8)
                && IsNone(inspection.Json, child, "DiscreteResourceSpec"u8))
                inspection.RefuseAlways(rule.Power, child, "neither a named nor a discrete resource");
    }

    private static bool IsNone(JsonView json, int resource, ReadOnlySpan<byte> name) => json.KindOf(json.Find(resource, name)) != JsonTokenType.StartObject;

    private static void Template(ref Inspection inspection, FieldRule rule, int value)
    {
        // Nearly no variable is a template, and a long one need not be decoded to see that.
        if (!inspection.Json[value].ValueIsEscaped && inspection.Json.RawValue(value).IndexOf("{{"u8) < 0)
            return;
        if (!PlainTemplates.IsPlain(inspection.TextOf(value), Names))
            inspection.RefuseAlways(
                rule.Power, value, $"the swarm runs it as a template: it may hold text and at most {PlainTemplates.MaxNames} names such as {{{{.Task.Slot}}}}");
    }
}
