using System.Globalization;
using System.Text.Json;

namespace SocketRelay.Guard;

/// <summary>The options of a log driver. They are read by the engine, whichever driver they are for: templates are run there, and numbers are
/// files that it turns and memory that it keeps, beside all limits of the container.</summary>
internal static class LogOptionChecks
{
    /// <summary>Files of one log. The engine renames as many each time that the log turns, and looks for as many at each read. People keep 3 to 100.</summary>
    public const int MostFiles = 1000;

    /// <summary>Bytes of lines that wait in the engine's memory for a slow driver: 64 times its default of 1 MB.</summary>
    public const long MostBuffer = 64L * 1024 * 1024;

    /// <summary>Bytes of one file of a log at least. Below a few lines the engine would turn, and compress, a file for each line.</summary>
    public const long LeastSize = 1000;

    /// <summary>Characters of a pattern for labels or variables: the engine compiles it at each start.</summary>
    public const int LongestPattern = 4096;

    /// <summary>All options of json-file, local and journald, and those that every driver has. They say what is written and how much of it, never where to.</summary>
    private static readonly NameList PlainOptions = NameList.Of(
    [
        "max-size", "max-file", "compress", "labels", "labels-regex", "env", "env-regex", "tag", "mode", "max-buffer-size",
        "cache-disabled", "cache-max-size", "cache-max-file", "cache-compress",
    ]);

    /// <summary>What a tag may name: values of the container and the engine that are no longer than they were sent.</summary>
    private static readonly NameList TagNames = NameList.Of(
    [
        "ID", "FullID", "Name", "ImageID", "ImageFullID", "ImageName", "Command", "Hostname", "DaemonName",
        "ContainerID", "ContainerName", "ContainerImageID", "ContainerImageName",
    ]);

    /// <summary>Judges the options of a container's or a service's log driver.</summary>
    /// <param name="inspection">Takes the findings.</param>
    /// <param name="rule">The row of the log configuration.</param>
    /// <param name="driver">The node that names the driver, or -1.</param>
    /// <param name="options">The node of the options, or -1.</param>
    public static void Judge(ref Inspection inspection, FieldRule rule, int driver, int options)
    {
        if (options < 0 || !FieldTests.IsObject(ref inspection, options))
            return;
        JsonView json = inspection.Json;
        if (json.FirstIn(options) < 0)
            return;
        bool isDefault = json.IsNothing(driver) || (json.KindOf(driver) == JsonTokenType.String && json[driver].Length == 2);
        string? name = isDefault ? inspection.Settings.DefaultLogDriver : json.StringOf(driver);
        // A driver that is neither the engine's own, nor its default, nor listed is refused by its name.
        bool isRefused = name is not null && !isDefault && name != inspection.Settings.DefaultLogDriver && !DriverChecks.IsOwnLogDriver(name);
        for (int option = json.FirstIn(options); option >= 0; option = json.After(option))
        {
            if (FieldTests.IsText(ref inspection, option))
                JudgeValue(ref inspection, option);
            if (!isRefused && !PlainOptions.Contains(inspection.NameOf(option)))
                JudgeName(ref inspection, rule, name, option);
        }
    }

    private static void JudgeName(ref Inspection inspection, FieldRule rule, string? driver, int option)
    {
        // none keeps nothing and reads no option; a driver that is listed may have any.
        if (driver is "none" || (driver is not null && inspection.Settings.AllowLogDrivers.Contains(driver)))
            return;
        if (driver is null)
            inspection.RefuseAlways(rule.Power, option, "an option for the engine's default log driver, which the relay does not know yet");
        else if (DriverChecks.IsOwnLogDriver(driver))
            inspection.RefuseAlways(rule.Power, option, $"no option of {driver}");
        else
            inspection.RefuseValue(rule.Power, option, driver);
    }

    private static void JudgeValue(ref Inspection inspection, int option)
    {
        Kind kind = KindOf(inspection.NameOf(option));
        if (kind == Kind.Text)
            return;
        ReadOnlySpan<char> value = inspection.TextOf(option);
        string? why = kind switch
        {
            Kind.Tag when !PlainTemplates.IsPlain(value, TagNames) =>
                $"the engine runs a tag as a template: it may hold text and at most {PlainTemplates.MaxNames} names such as {{{{.Name}}}}",
            Kind.Files when !IsCount(value) => $"more than {MostFiles} files, or no plain number",
            Kind.Buffer when Bytes(value, 1024) is not <= MostBuffer => "more than 64m of the engine's memory, or no plain size",
            Kind.Size when Bytes(value, 1000) is not >= LeastSize => "less than 1k, for which the engine turns files without end, or no plain size",
            Kind.Pattern when value.Length > LongestPattern => $"a pattern of more than {LongestPattern} characters",
            _ => null,
        };
        if (why is not null)
            inspection.RefuseAlways(GuardPower.EngineHarm, option, why);
    }

    // The engine looks options up by their exact names.
    private static Kind KindOf(ReadOnlySpan<char> name) => name switch
    {
        "tag" => Kind.Tag,
        "max-file" or "cache-max-file" => Kind.Files,
        "max-buffer-size" => Kind.Buffer,
        "max-size" or "cache-max-size" => Kind.Size,
        "labels-regex" or "env-regex" => Kind.Pattern,
        _ => Kind.Text,
    };

    // Empty is no number to the engine either, and what it refuses need not be refused here.
    private static bool IsCount(ReadOnlySpan<char> text) =>
        text.IsEmpty || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count <= MostFiles);

    /// <summary>A size as the engine reads it: <c>10m</c>, <c>1.5 MB</c>, <c>64MiB</c>; null if it is not one.</summary>
    /// <param name="text">The size.</param>
    /// <param name="unit">1000 or 1024.</param>
    private static double? Bytes(ReadOnlySpan<char> text, int unit)
    {
        int digits = text.IndexOfAnyExcept("0123456789.");
        if (!double.TryParse(digits < 0 ? text : text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
            return null;
        ReadOnlySpan<char> suffix = digits < 0 ? default : text[digits..].Trim(' ');
        if (suffix.EndsWith("b", StringComparison.OrdinalIgnoreCase))
            suffix = suffix[..^1];
        if (suffix.Length == 2 && suffix[1] is 'i' or 'I')
            suffix = suffix[..1];
        if (suffix.IsEmpty)
            return number;
        int power = suffix.Length == 1 ? "kmgtp".IndexOf(char.ToLowerInvariant(suffix[0]), StringComparison.Ordinal) : -1;
        return power < 0 ? null : number * Math.Pow(unit, power + 1);
    }

    private enum Kind : byte
    {
        Text,
        Tag,
        Files,
        Buffer,
        Size,
        Pattern,
    }
}
