using System.Text;
using System.Text.Json;
using CsCheck;
using SocketRelay.Guard;
using SocketRelay.Policy;

namespace SocketRelay.Tests.Guard;

/// <summary>What holds for any document: the guard sees what the engine sees, and what it lets through carries no power.</summary>
[TestFixture]
internal sealed class GuardPropertyTests
{
    private const int Samples = 10_000;

    // One guard for all samples of a thread: what it keeps between bodies must not show.
    [ThreadStatic]
    private static GuardRun? s_auto, s_deny;

    // Values that mean something to one field or another, the harmless ones often.
    private static readonly Gen<string> Scalar = Gen.Frequency(
        (6, Gen.OneOf("null", "\"\"", "false", "0", "[]", "{}")),
        (5, Gen.OneOf(
            "true", "\"host\"", "\"/etc:/e\"", "\"data\"", "\"data:/d\"", "\"bind\"", "\"volume\"", "\"tmpfs\"", "\"/\"", "\"SYS_ADMIN\"", "\"CHOWN\"", "-1", "5",
            "\"container:web\"", "\"no-new-privileges\"", "\"seccomp=unconfined\"", "\"runc\"", "\"syslog\"", "\"local\"", "\"\\u0068ost\"", "\"ho\\u0073t\"",
            "\"rtprio\"", "1.0", "\"/proc/kcore\"", "\"shared\"", "\"ſys_admin\"", "\"private\"", "\"bridge\"")));

    private static readonly string[] Names =
    [
        "Privileged", "NetworkMode", "PidMode", "IpcMode", "UTSMode", "UsernsMode", "CgroupnsMode", "CgroupParent", "Binds", "VolumesFrom", "VolumeDriver",
        "Runtime", "CapAdd", "SecurityOpt", "MaskedPaths", "ReadonlyPaths", "OomScoreAdj", "OomKillDisable", "Annotations", "Devices", "DeviceCgroupRules",
        "Ulimits", "LogConfig", "Mounts", "Type", "Source", "Name", "Options", "DriverConfig", "VolumeOptions", "BindOptions", "Propagation", "ReadOnly",
        "Labels", "Image", "HostConfig", "o", "device", "type", "Later",
    ];

    private static readonly Gen<string> Name = Gen.Select(Gen.OneOf(Names), Gen.Int[0, 9]).Select((name, spelling) => spelling switch
    {
        0 => name.ToUpperInvariant(),
        1 => name.ToLowerInvariant(),
        2 => name.Replace('s', '\u017F').Replace('k', '\u212A'),
        3 => string.Concat(name.Select(c => $"\\u{(int)c:X4}")),
        4 => name.Replace("s", "\\u017F", StringComparison.Ordinal),
        _ => name,
    });

    private static readonly Gen<string> White = Gen.Frequency((8, Gen.Const("")), (1, Gen.Const(" ")), (1, Gen.Const("\r\n\t")));

    // A struct by name and shape, so that documents are deep where the engine's are.
    private static readonly Gen<string> DriverConfig = ObjectOf(
        ("Name", Scalar), ("Options", ObjectOf(("type", Gen.OneOf("\"none\"", "\"tmpfs\"", "\"ext4\"")), ("o", Gen.OneOf("\"bind\"", "\"ro,rbind\"", "\"size=1m\"")), ("device", Gen.OneOf("\"/etc\"", "\"tmpfs\"", "\"x\"")))));

    private static readonly Gen<string> Mount = ObjectOf(
        ("Type", Gen.OneOf("\"bind\"", "\"volume\"", "\"tmpfs\"", "\"volume\"", "null")), ("Source", Scalar), ("ReadOnly", Scalar),
        ("BindOptions", ObjectOf(("Propagation", Scalar))), ("VolumeOptions", ObjectOf(("Labels", ObjectOf(("a", Scalar))), ("DriverConfig", DriverConfig))));

    private static readonly Gen<string> Value = Gen.Frequency(
        (6, Scalar), (3, Scalar.Array[0, 3].Select(items => $"[{string.Join(',', items)}]")), (2, Mount.Array[0, 2].Select(items => $"[{string.Join(',', items)}]")),
        (1, ObjectOf(("Type", Scalar), ("Config", ObjectOf(("k", Scalar))))));

    private static readonly Gen<string> HostConfig = Members(Gen.Select(Name, Value), 0, 5);

    private static readonly Gen<string> Create = Gen.Select(
        Members(Gen.Select(Name, Value), 0, 2, open: true), HostConfig, HostConfig, Gen.Int[0, 9], White).Select((top, host, second, shape, white) => shape switch
    {
        0 => $"{{{top}}}",
        1 => $"{{{top}{Comma(top)}\"HostConfig\":null}}",
        2 => $"{{\"HostConfig\":{host},\"hostconfig\":{second}}}",
        3 => $"{{\"HostConfig\":{white}{host}{Comma(top)}{top}}}",
        _ => $"{white}{{\"Image\":\"b\",{white}\"HostConfig\"{white}:{host}}}{white}",
    });

    // Documents without power, doubles or impossible types: each field that is there has a harmless value of its own type.
    private static readonly Gen<string> Harmless = Gen.OneOf(
        "\"Privileged\":false", "\"NetworkMode\":\"bridge\"", "\"PidMode\":\"\"", "\"IpcMode\":\"private\"", "\"Binds\":[\"data:/d\"]", "\"Runtime\":\"runc\"",
        "\"CapAdd\":[\"CHOWN\"]", "\"SecurityOpt\":[\"no-new-privileges\"]", "\"MaskedPaths\":null", "\"OomScoreAdj\":5", "\"Annotations\":{}", "\"Devices\":[]",
        "\"Ulimits\":[{\"Name\":\"nofile\",\"Soft\":5}]", "\"LogConfig\":{\"Type\":\"none\",\"Config\":{\"a\":\"b\",\"A\":\"c\"}}",
        "\"Mounts\":[{\"Type\":\"volume\",\"Source\":\"data\",\"VolumeOptions\":{\"Labels\":{\"o\":\"bind\"}}},{\"Type\":\"tmpfs\"}]", "\"Memory\":5", "\"Later\":{\"x\":[1,null]}")
        .Array[0, 8].Select(members => $"{{\"HostConfig\":{{{string.Join(',', members.DistinctBy(member => member.Split(':')[0]))}}}}}");

    [Test]
    public void DocumentThatPasses_CarriesNoPower() => Create.Sample(
        text =>
        {
            s_auto ??= new GuardRun().Answer("/containers/web/json", Inspections.Read("28.5-plain"));
            GuardResult result = s_auto.Body(GuardKind.ContainerCreate, text);
            if (result.Outcome != GuardOutcome.Pass)
                return;
            string forwarded = result.Body is null ? text : Encoding.UTF8.GetString(result.Body);
            if (TryDecode(forwarded, out object? create))
                ReferencePowers.Of(create).ShouldBeEmpty(forwarded);
        },
        iter: Samples);

    [Test]
    public void DocumentWithAPower_IsRefusedOrMended() => Create.Sample(
        text =>
        {
            if (!TryDecode(text, out object? create) || ReferencePowers.Of(create).Count == 0)
                return;
            s_deny ??= new GuardRun("BIND_MOUNTS=deny").Answer("/containers/web/json", Inspections.Read("28.5-plain"));
            s_deny.Body(GuardKind.ContainerCreate, text).Outcome.ShouldBe(GuardOutcome.Refuse, text);
        },
        iter: Samples);

    [Test]
    public void GuardedFields_AreSeenAsTheEngineSeesThem() => Create.Sample(
        text =>
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            var tape = new JsonTape();
            StrictJson.Read(bytes, tape, out _).ShouldBe(JsonDefect.None, text);
            var json = new JsonView(bytes, tape);
            var inspection = new Inspection { Json = json, Settings = new GuardSettings(), Scratch = new char[256] };
            if (ShapeWalker.Walk(ref inspection, 0, ContainerCreateInspector.Shape) >= 0 || !TryDecode(text, out object? decoded))
                return;
            ShouldSee(json, 0, GoDecoder.Create, decoded, text);
        },
        iter: Samples);

    [Test]
    public void HarmlessDocument_PassesUntouched() => Harmless.Sample(
        text => GuardRun.ShouldPassUntouched((s_auto ??= new GuardRun().Answer("/containers/web/json", Inspections.Read("28.5-plain"))).Body(GuardKind.ContainerCreate, text)),
        iter: Samples / 10);

    [Test]
    public void AnyBytes_AreJudgedWithoutAnException() => Gen.Select(Create, Gen.Int[0, 400], Gen.Byte, Gen.Int[0, 2]).Sample(
        (text, at, value, how) =>
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            at %= bytes.Length;
            byte[] changed = how switch
            {
                0 => [.. bytes[..at], value, .. bytes[(at + 1)..]],
                1 => bytes[..at],
                _ => [.. bytes[..at], value, .. bytes[at..]],
            };
            foreach (GuardKind kind in new[] { GuardKind.ContainerCreate, GuardKind.ServiceCreate, GuardKind.VolumeCreate, GuardKind.NetworkCreate })
                (s_auto ??= new GuardRun().Answer("/containers/web/json", Inspections.Read("28.5-plain"))).Judge(kind, changed, contentType: "application/json").Outcome.ShouldBeOneOf(GuardOutcome.Pass, GuardOutcome.Refuse);
        },
        iter: Samples / 4);

    private static Gen<string> ObjectOf(params (string Name, Gen<string> Value)[] members) => members.Aggregate(
        Gen.Const(""),
        (before, member) => Gen.Select(before, Gen.Bool, member.Value)
            .Select((text, isThere, value) => isThere ? $"{text}{Comma(text)}\"{member.Name}\":{value}" : text)).Select(text => $"{{{text}}}");

    private static Gen<string> Members(Gen<(string Name, string Value)> member, int least, int most, bool open = false) => member.Array[least, most].Select(members =>
    {
        string inside = string.Join(',', members.Select(pair => $"\"{pair.Name}\":{pair.Value}"));
        return open ? inside : $"{{{inside}}}";
    });

    private static string Comma(string members) => members.Length == 0 ? "" : ",";

    private static bool TryDecode(string text, out object? create)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        try
        {
            create = GoDecoder.Decode(GoDecoder.Create, document.RootElement);
            return true;
        }
        catch (FormatException)
        {
            // The engine answers 400: nothing happens, whatever the guard says.
            create = null;
            return false;
        }
    }

    private static void ShouldSee(JsonView json, int node, GoType type, object? decoded, string text)
    {
        switch (type.Kind)
        {
            case GoKind.Text:
                (json.StringOf(node) ?? "").ShouldBe(decoded ?? "", text);
                break;
            case GoKind.Bool:
                (json.KindOf(node) == JsonTokenType.True).ShouldBe(decoded is true, text);
                break;
            case GoKind.Int:
                (json.NumberOf(node) ?? 0).ShouldBe(decoded ?? 0L, text);
                break;
            case GoKind.Struct:
                var fields = decoded as Dictionary<string, object?> ?? [];
                foreach ((string name, GoType field) in type.Fields!)
                    ShouldSee(json, json.Find(node, Encoding.ASCII.GetBytes(name)), field, fields.GetValueOrDefault(name), text);
                break;
            case GoKind.Slice when json.KindOf(node) == JsonTokenType.StartArray:
                int at = 0;
                for (int child = json.FirstIn(node); child >= 0; child = json.After(child))
                    ShouldSee(json, child, type.Element!, ((List<object?>)decoded!)[at++], text);
                at.ShouldBe(((List<object?>)decoded!).Count, text);
                break;
            case GoKind.Slice:
                decoded.ShouldBeNull(text);
                break;
        }
    }
}
