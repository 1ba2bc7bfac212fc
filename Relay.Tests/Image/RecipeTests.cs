using System.Text;
using System.Text.Json;
using k8s;
using k8s.Models;
using SocketRelay.Host;
using SocketRelay.Host.Commands;
using SocketRelay.Policy;
using SocketRelay.Tests.Daemon;
using SocketRelay.Tests.Host;
using SocketRelay.Tests.Support;
using YamlDotNet.RepresentationModel;

namespace SocketRelay.Tests.Image;

/// <summary>Every file that people copy: understood by the program it is for, and with settings that the relay understands.</summary>
[TestFixture]
internal sealed class RecipeTests
{
    private static readonly string Folder = Path.Combine(Repository.Root!, "docs", "recipes");

    private static IEnumerable<string> ComposeFiles() =>
        Directory.EnumerateFiles(Folder, "*.yaml").Where(static file => !file.EndsWith("kubernetes.yaml", StringComparison.Ordinal))
            .Append(Path.Combine(Repository.Root!, "compose.yaml")).Select(static file => Path.GetRelativePath(Repository.Root!, file)).Order();

    private static IEnumerable<string> RecipesOfPrograms() => KnownProgram.All.Select(static program => program.Recipe!).Where(static recipe => recipe is not null).Distinct();

    [Test]
    public void EveryRecipe_IsInTheTable()
    {
        var table = File.ReadAllText(Path.Combine(Folder, "README.md"));
        foreach (var file in Directory.EnumerateFiles(Folder).Select(Path.GetFileName).Where(static name => name != "README.md"))
            table.ShouldContain($"]({file})");
    }

    [Test]
    public void ComposeFile_IsUnderstoodByCompose([ValueSource(nameof(ComposeFiles))] string file)
    {
        if (CliPlugin.Find("docker-compose") is not { } compose)
        {
            Engines.SkipOrFail("docker compose is not installed");
            return;
        }

        RunningCommand.Run(
            compose, ["-f", Path.Combine(Repository.Root!, file), "config", "--quiet"],
            new Dictionary<string, string?> { ["DOCKER_GID"] = "999", ["RUNNER_TOKEN"] = "x" }).ShouldExit(0);
    }

    [Test]
    public void ComposeFile_SetsWhatTheRelayUnderstandsAndNothingInVain([ValueSource(nameof(ComposeFiles))] string file)
    {
        var services = Mapping(Mapping(Document(file))["services"]);
        var relays = services.Values.Where(static service => Text(Mapping(service)["image"]) == "socketrelay").ToArray();
        relays.Length.ShouldBe(1);
        var variables = Mapping(Mapping(relays[0])["environment"]).ToDictionary(static pair => pair.Key, static pair => Text(pair.Value));
        ShouldBeSettings(variables);
    }

    [TestCaseSource(nameof(RecipesOfPrograms))]
    public void ComposeFile_OpensWhatItsProgramsNeedAndNoMore(string file)
    {
        var relay = Mapping(Mapping(Mapping(Document(Path.Combine("docs", "recipes", file)))["services"])["socketrelay"]);
        var variables = Mapping(relay["environment"]).ToDictionary(static pair => pair.Key, static pair => Text(pair.Value));
        var options = OptionsValidator.Validate(variables).Options!;
        var calls = KnownProgram.All.Where(program => program.Recipe == file).SelectMany(static program => program.Calls).ToArray();
        foreach (var call in calls)
            CallJudge.Judge(options, call.Method, call.Target, call.Body is null ? null : Encoding.UTF8.GetBytes(call.Body)).IsAllowed.ShouldBeTrue(call.ToString());
        TecnativaSwitches.Rules.Switches.Where(name => options.Policy.IsOn(name) && !TecnativaSwitches.Rules.Defaults[name])
            .ShouldBe(PolicySuggestion.For(TecnativaSwitches.Rules, calls.Select(static call => (call.Method, call.Path))).Switches, ignoreOrder: true);
    }

    [Test]
    public void ComposeFile_IsHardened([ValueSource(nameof(ComposeFiles))] string file)
    {
        if (file.EndsWith("tecnativa.yaml", StringComparison.Ordinal))
            Assert.Pass("the reference's own file, as it is");
        var relay = Mapping(Mapping(Mapping(Document(file))["services"])["socketrelay"]);
        Text(relay["read_only"]).ShouldBe("true");
        ((YamlSequenceNode)relay["cap_drop"]).Children.Select(Text).ShouldBe(["ALL"]);
        relay.ShouldNotContainKey("ports");
        relay.ShouldNotContainKey("privileged");
        if (!relay.ContainsKey("deploy"))
            ((YamlSequenceNode)relay["security_opt"]).Children.Select(Text).ShouldContain("no-new-privileges:true");
    }

    [Test]
    public void KubernetesManifests_AreReadStrictlyAndHardened()
    {
        var objects = KubernetesYaml.LoadAllFromString(File.ReadAllText(Path.Combine(Folder, "kubernetes.yaml")), strict: true);
        objects.Select(static item => item.GetType()).ShouldBe([typeof(V1Namespace), typeof(V1DaemonSet), typeof(V1Service), typeof(V1NetworkPolicy)]);
        var pod = objects.OfType<V1DaemonSet>().Single().Spec.Template.Spec;
        var relay = pod.Containers.ShouldHaveSingleItem();
        pod.SecurityContext.RunAsNonRoot.ShouldBe(true);
        pod.AutomountServiceAccountToken.ShouldBe(false);
        relay.SecurityContext.AllowPrivilegeEscalation.ShouldBe(false);
        relay.SecurityContext.ReadOnlyRootFilesystem.ShouldBe(true);
        relay.SecurityContext.Capabilities.Drop.ShouldBe(["ALL"]);
        relay.ReadinessProbe.Exec.Command.ShouldBe(["/socketrelay", "health"]);
        // A relay whose engine is away must not be restarted: that would cut its other streams.
        relay.LivenessProbe.Exec.ShouldBeNull();
        ShouldBeSettings(relay.Env.ToDictionary(static entry => entry.Name, static entry => entry.Value));
        objects.OfType<V1NetworkPolicy>().Single().Spec.Egress.ShouldBeEmpty();
    }

    [Test]
    public void KubernetesReader_RefusesAMisspeltField()
    {
        // Proves that "strictly" above means something.
        var text = File.ReadAllText(Path.Combine(Folder, "kubernetes.yaml")).Replace("readOnlyRootFilesystem", "readOnlyRootFileSystem", StringComparison.Ordinal);
        Should.Throw<Exception>(() => KubernetesYaml.LoadAllFromString(text, strict: true));
    }

    [Test]
    public void SeccompProfile_RefusesAllButAListInOrder()
    {
        using var profile = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "seccomp.json")));
        profile.RootElement.GetProperty("defaultAction").GetString().ShouldBe("SCMP_ACT_ERRNO");
        List<string> names = [];
        foreach (var rule in profile.RootElement.GetProperty("syscalls").EnumerateArray())
        {
            rule.GetProperty("action").GetString().ShouldBe("SCMP_ACT_ALLOW");
            string[] some = [.. rule.GetProperty("names").EnumerateArray().Select(static name => name.GetString()!)];
            some.ShouldBe(some.Order(StringComparer.Ordinal));
            names.AddRange(some);
        }

        names.ShouldBeUnique();
        names.ShouldNotContain(static name => name == "ptrace" || name == "mount" || name == "unshare" || name == "bpf" || name == "process_vm_writev");
    }

    private static void ShouldBeSettings(Dictionary<string, string> variables)
    {
        variables.Keys.ShouldBeSubsetOf([.. TecnativaSwitches.Rules.Defaults.Keys, .. RelayVariables.Names]);
        var result = OptionsValidator.Validate(variables);
        result.Errors.ShouldBeEmpty();
        // What an open door means for the guard is told at every start; a switch in vain or a misspelt name is what must not be in a recipe.
        result.Warnings.Where(static line => !line.StartsWith("guard:", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static YamlNode Document(string file)
    {
        var stream = new YamlStream();
        using var reader = new StreamReader(Path.Combine(Repository.Root!, file));
        stream.Load(reader);
        return stream.Documents.ShouldHaveSingleItem().RootNode;
    }

    private static Dictionary<string, YamlNode> Mapping(YamlNode node) =>
        ((YamlMappingNode)node).Children.ToDictionary(static pair => Text(pair.Key), static pair => pair.Value);

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;
}
