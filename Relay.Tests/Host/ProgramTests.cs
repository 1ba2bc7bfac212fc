using System.Text;
using SocketRelay.Host;
using SocketRelay.Host.Commands;
using SocketRelay.Policy;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Host;

/// <summary>
/// Holds each row of docs/recipes/programs.md to the calls of its program: under exactly those variables all of them pass, and with any one
/// of the variables taken away some are refused.
/// </summary>
[TestFixture]
internal sealed class ProgramTests
{
    private static readonly Dictionary<string, string[]> VariablesOf = Rows().ToDictionary(static row => row.Name, static row => row.Variables);

    private static IEnumerable<KnownProgram> Programs => KnownProgram.All;

    [Test]
    public void EveryProgram_HasOneRowInTheOrderOfTheFile() => Rows().Select(static row => row.Name).ShouldBe(Programs.Select(static program => program.Name));

    [TestCaseSource(nameof(Programs))]
    public void Calls_PassUnderTheRowsVariables(KnownProgram program)
    {
        HostOptions options = Options(VariablesOf[program.Name]);
        foreach (ProgramCall call in program.Calls)
        {
            CallVerdict verdict = Judge(options, call);
            verdict.IsAllowed.ShouldBeTrue($"{call}: {verdict.Text}");
            // Nothing is taken out; and a call that the guard reads has its body here, but for start, which clients send without one.
            if (verdict.Text is not null && !(verdict.Operation == "POST /containers/{name}/start" && call.Body is null))
                verdict.Text.ShouldStartWith("the guard asks the engine first", Case.Sensitive, $"{call} is not let through as it is");
        }
    }

    [TestCaseSource(nameof(Programs))]
    public void Calls_AreRefusedWithoutAnyOneOfThem(KnownProgram program)
    {
        foreach (string variable in VariablesOf[program.Name])
        {
            HostOptions options = Options([.. VariablesOf[program.Name].Except([variable])]);
            program.Calls.Any(call => Judge(options, call).Status == 403).ShouldBeTrue($"{variable} is in vain");
        }
    }

    [TestCaseSource(nameof(Programs))]
    public void Variables_AreThoseThatOpenTheLeast(KnownProgram program)
    {
        PolicySuggestion suggestion = PolicySuggestion.For(TecnativaSwitches.Rules, program.Calls.Select(static call => (call.Method, call.Path)));
        suggestion.NeverOpen.ShouldBeEmpty();
        VariablesOf[program.Name].ShouldBe(suggestion.Switches);
    }

    [TestCaseSource(nameof(Programs))]
    public void CallsThatItDoesWithout_AreRefused(KnownProgram program)
    {
        foreach (ProgramCall call in program.Without)
            Judge(Options(VariablesOf[program.Name]), call).Status.ShouldBe(403, call.ToString());
    }

    private static CallVerdict Judge(HostOptions options, ProgramCall call) =>
        CallJudge.Judge(options, call.Method, call.Target, call.Body is null ? null : Encoding.UTF8.GetBytes(call.Body));

    private static HostOptions Options(string[] variables)
    {
        OptionsResult result = OptionsValidator.Validate(variables.ToDictionary(static name => name, static _ => "1"), withWarnings: false);
        result.Errors.ShouldBeEmpty();
        return result.Options!;
    }

    // | name | `ONE` `TWO` | … |
    private static IEnumerable<(string Name, string[] Variables)> Rows() =>
        File.ReadLines(Path.Combine(Repository.Root!, "docs", "recipes", "programs.md"))
            .TakeWhile(static line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(static line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1)
            .Select(static line => line.Split('|'))
            .Select(static cells => (cells[1].Trim(), cells[2].Split([' ', '`'], StringSplitOptions.RemoveEmptyEntries)));
}
