using SocketRelay.Policy;

namespace SocketRelay.Tests.Policy;

/// <summary>The switches: names, defaults, and which values are on.</summary>
internal sealed class TecnativaSwitchesTests
{
    /// <summary>Values of a switch and whether HAProxy has them on; TecnativaTests asks HAProxy itself about each.</summary>
    public static readonly IReadOnlyList<(string Value, bool IsOn)> Values =
    [
        ("1", true), ("2", true), ("01", true), ("+1", true), ("-1", true), ("1abc", true), ("1 ", true), ("1e5", true), ("10", true),
        ("0", false), ("", false), ("true", false), ("TRUE", false), ("yes", false), ("on", false), (" 1", false), ("\t1", false),
        ("00", false), ("-0", false), ("+", false), ("-", false), ("+-1", false), ("--1", false), ("0x1", false), ("0.5", false),
        (".1", false), ("\"1\"", false), ("0 1", false), ("0abc", false), ("\u0663", false),
        ("9223372036854775807", true), ("9223372036854775808", true), ("18446744073709551616", true), ("36893488147419103232", true),
        ("-9223372036854775809", true), ("-18446744073709551616", true), ("340282366920938463463374607431768211456", true),
        ("00000000000000000000000000000000000001", true), ("00000000000000000000000000000000000000", false),
    ];

    private static IEnumerable<TestCaseData> ValueCases => Values.Select(value => new TestCaseData(value.Value, value.IsOn));

    [TestCaseSource(nameof(ValueCases))]
    public void Value_IsReadAsANumber(string value, bool isOn) => TecnativaSwitches.IsOn(value).ShouldBe(isOn);

    [Test]
    public void UnsetVariable_HasTheReferencesDefault()
    {
        PolicySettings settings = TecnativaSwitches.Read(_ => null);
        foreach ((string name, bool isOn) in ReferenceModel.Defaults)
            settings.IsOn(name).ShouldBe(isOn, name);
        TecnativaSwitches.Rules.Switches.ShouldBe(ReferenceModel.Defaults.Keys);
        settings.On.ShouldBe(["EVENTS", "PING", "VERSION"]);
    }

    [Test]
    public void EmptyVariable_IsOffEvenWhereTheDefaultIsOn()
    {
        PolicySettings settings = TecnativaSwitches.Read(name => name == "EVENTS" ? "" : null);
        settings.IsOn("EVENTS").ShouldBeFalse();
        settings.IsOn("PING").ShouldBeTrue();
    }

    [Test]
    public void VariableOfAnotherName_IsNoSwitch() =>
        TecnativaSwitches.Read(_ => "1").IsOn("ALLOW_EVERYTHING").ShouldBeFalse();

    [TestCase(null, true)]
    [TestCase("", true)]
    [TestCase("tecnativa", true)]
    [TestCase("Tecnativa", false)]
    [TestCase("tecnativa-next", false)]
    [TestCase("linuxserver", false)]
    [TestCase("1", false)]
    public void Dialect_IsTecnativaAlone(string? value, bool isKnown)
    {
        string? error = TecnativaSwitches.DialectError(value);
        (error is null).ShouldBe(isKnown);
        if (error is not null)
            error.ShouldBe($"DIALECT: \"{value}\" is not understood; use tecnativa, or leave it out");
    }

    [Test]
    public void Rules_FitTheirBits()
    {
        TecnativaSwitches.Rules.Rules.Count.ShouldBeLessThanOrEqualTo(64);
        TecnativaSwitches.Rules.Rules[0].ShouldBe(new Rule(false, MethodSet.Writes, "/**", "POST"));
    }
}
