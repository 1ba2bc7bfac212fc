using System.Security.Cryptography;
using System.Text.Json;
using System.Xml.Linq;
using SocketRelay.Tests.Daemon;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Architecture;

/// <summary>What the product is made of stands in files that the build goes by: lock files, pins, and the bill of the executable.</summary>
[TestFixture]
internal sealed class SupplyChainTests
{
    private static readonly string Root = Repository.Root!;

    private static IEnumerable<string> Projects() =>
        Directory.EnumerateFiles(Root, "*.csproj", SearchOption.AllDirectories)
            .Where(static file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)
                && !file.Contains("/artifacts/", StringComparison.Ordinal))
            .Select(static file => Path.GetRelativePath(Root, file)).Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Projects))]
    public void Project_LocksWhatItNamesAtTheCentralVersions(string project)
    {
        Dictionary<string, string> central = XDocument.Load(Path.Combine(Root, "Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(static item => item.Attribute("Include")!.Value, static item => item.Attribute("Version")!.Value);
        IEnumerable<string> named = XDocument.Load(Path.Combine(Root, project)).Descendants("PackageReference")
            .Select(static item => item.Attribute("Include")!.Value);
        Dictionary<string, JsonElement> locked = Graphs(project).SelectMany(static graph => graph.Value.EnumerateObject())
            .GroupBy(static entry => entry.Name).ToDictionary(static entries => entries.Key, static entries => entries.First().Value);
        foreach (string package in named)
        {
            locked.ShouldContainKey(package);
            locked[package].GetProperty("resolved").GetString().ShouldBe(central[package]);
        }

        foreach ((string package, JsonElement entry) in locked.Where(static entry => entry.Value.GetProperty("type").GetString() != "Project"))
            entry.GetProperty("contentHash").GetString()!.Length.ShouldBe(88, package);
    }

    [Test]
    public void Executable_IsLockedForBothArchitectures()
    {
        string pin = XDocument.Load(Path.Combine(Root, "Directory.Build.targets")).Descendants("RuntimePatch").Single().Value;
        foreach (string runtime in new[] { "linux-x64", "linux-arm64" })
        {
            JsonProperty graph = Graphs("Relay.Host/Relay.Host.csproj").Single(graph => graph.Name == $"net10.0/{runtime}");
            graph.Value.GetProperty($"runtime.{runtime}.Microsoft.DotNet.ILCompiler").GetProperty("resolved").GetString().ShouldBe(pin);
        }
    }

    [Test]
    public void Gate_TakesLockedPackagesOnly()
    {
        File.ReadAllText(Path.Combine(Root, ".ci/run")).ShouldContain("export RestoreLockedMode=true");
        File.ReadAllText(Path.Combine(Root, "Dockerfile")).ShouldContain("-p:RestoreLockedMode=true");
    }

    [Test]
    public void Bill_NamesEveryPackageOfTheExecutableBesideIt()
    {
        string bill = Path.Combine(Root, "artifacts/socketrelay.cdx.json");
        string executable = Path.Combine(Root, "artifacts/socketrelay");
        if (!File.Exists(bill) || !File.Exists(executable))
            Engines.SkipOrFail("there is no bill of materials beside the executable; .ci/sbom makes it");

        JsonElement root = JsonDocument.Parse(File.ReadAllText(bill)).RootElement;
        string digest = root.GetProperty("metadata").GetProperty("component").GetProperty("hashes")[0].GetProperty("content").GetString()!;
        if (digest != Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(executable))))
            Engines.SkipOrFail("the bill of materials is another executable's; .ci/sbom makes it anew");

        root.GetProperty("bomFormat").GetString().ShouldBe("CycloneDX");
        Dictionary<string, JsonElement> components = root.GetProperty("components").EnumerateArray()
            .ToDictionary(static component => component.GetProperty("name").GetString()!);
        string[] shipped = [.. Graphs("Relay.Host/Relay.Host.csproj").First().Value.EnumerateObject()
            .Where(static entry => entry.Name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)).Select(static entry => entry.Name)];
        shipped.Length.ShouldBeGreaterThan(10);
        foreach (string package in shipped)
        {
            components.ShouldContainKey(package);
            components[package].GetProperty("purl").GetString().ShouldStartWith("pkg:nuget/");
            components[package].GetProperty("hashes")[0].GetProperty("content").GetString()!.Length.ShouldBe(128);
        }

        components.Keys.ShouldContain(static name => name.StartsWith("Microsoft.NETCore.App.Runtime.NativeAOT.", StringComparison.Ordinal));
    }

    private static List<JsonProperty> Graphs(string project)
    {
        string file = Path.Combine(Root, Path.GetDirectoryName(project)!, "packages.lock.json");
        File.Exists(file).ShouldBeTrue($"{project} has no packages.lock.json");
        return [.. JsonDocument.Parse(File.ReadAllText(file)).RootElement.GetProperty("dependencies").EnumerateObject()];
    }
}
