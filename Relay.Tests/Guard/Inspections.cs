using System.Text.Json.Nodes;

namespace SocketRelay.Tests.Guard;

/// <summary>Answers of real engines about containers, volumes and networks, recorded from 20.10.24 and 28.5.2 on cgroup v1.
/// <c>plain</c> has one named volume; <c>powered</c> is privileged with the host's network and processes, a device and a volume made of /etc;
/// <c>weak</c> shares the network of plain, has a capability, no seccomp, no masked paths and the engine's socket.</summary>
internal static class Inspections
{
    /// <summary>The text of <c>Vectors/inspections/NAME.json</c>.</summary>
    public static string Read(string name) =>
        File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "Vectors", "inspections", name + ".json"));

    /// <summary>The full id of a recorded container.</summary>
    public static string IdOf(string name) => JsonNode.Parse(Read(name))!["Id"]!.GetValue<string>();

    /// <summary>The plain container of engine 28.5 with changes made to it.</summary>
    public static string Plain(Action<JsonNode> change)
    {
        JsonNode inspection = JsonNode.Parse(Read("28.5-plain"))!;
        change(inspection);
        return inspection.ToJsonString();
    }

    /// <summary>The plain container of engine 28.5 without volumes, with one HostConfig field set.</summary>
    public static string PlainWith(string field, string json) => Plain(inspection =>
    {
        inspection["Mounts"] = new JsonArray();
        inspection["HostConfig"]![field] = JsonNode.Parse(json);
    });

    /// <summary>The plain container of engine 28.5 with one mount alone.</summary>
    public static string PlainWithMount(string json) => Plain(inspection => inspection["Mounts"] = new JsonArray(JsonNode.Parse(json)));
}
