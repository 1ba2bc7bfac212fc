using System.Text;
using System.Text.Json;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Daemon;

/// <summary>
/// What takes the host through a bare engine, sent through the relay with every section open: none of it gets to the engine. Judged by
/// effect too: nothing is created, the folder of the host stays unread, and the same calls straight to the engine do work.
/// </summary>
[Category("Daemon")]
[TestFixtureSource(typeof(Engines), nameof(Engines.Names))]
public sealed class AttackTests(string engineName) : EngineTest(engineName)
{
    private const string Image = Daemon.Engine.Image;
    private const string Marker = "the host's own secret";

    // P stands for a folder of the host that is nobody's but the host's.
    private static readonly string[] HostConfigs =
    [
        """{"Privileged":true}""",
        """{"privileged":true}""",
        """{"Priviſeged":false,"PRIVILEGED":true}""",
        """{"Privileged":true,"Privileged":null}""",
        """{"Binds":["P:/h"]}""", """{"Binds":["P:/h:ro,z"]}""", """{"Binds":["/P:/h"]}""", """{"Binds":["/a/..P/.:/h"]}""",
        """{"Binds":["/proc/self/root/P:/h"]}""",
        """{"bindſ":["P:/h"]}""", """{"Bind\u017f":["P:/h"]}""",
        """{"Binds":["P:/h"],"Binds":[null]}""",
        """{"Mounts":[{"Type":"bind","Source":"P","Target":"/h"}]}""",
        """{"Mounts":[{"Type":"bind","Source":"P","Target":"/h","BindOptions":{"CreateMountpoint":true}}]}""",
        """{"Mounts":[{"Type":"volume","Target":"/h","VolumeOptions":{"DriverConfig":{"Name":"local","Options":{"type":"none","o":"bind","device":"P"}}}}]}""",
        """{"Mounts":[{"Type":"volume","Target":"/h","VolumeOptions":{"DriverConfig":{"Options":{"type":"tmpfs","o":"bind","device":"P"}}}}]}""",
        """{"Mounts":[{"Type":"volume","Target":"/h","VolumeOptions":{"DriverConfig":{"Name":"local","Options":{"type":"none","o":"ro,rbind","device":"P"}}}}]}""",
        """{"Mounts":[{"Type":"volume","Target":"/h","VolumeOptions":{"DriverConfig":{"Name":"local","Options":{"type":"sysfs","device":"sysfs"}}}}]}""",
        """{"Mounts":[{"Type":"volume","Source":"opvol","Target":"/h"}]}""",
        """{"Binds":["opvol:/h"]}""",
        """{"VolumesFrom":["power"]}""", """{"VolumesFrom":["power:ro"]}""",
        """{"NetworkMode":"host"}""", """{"NetworkMode":"container:hostnet"}""", """{"NetworkMode":"container:/hostnet"}""",
        """{"NetworkMode":"container:hop"}""",
        """{"PidMode":"host"}""", """{"PidMode":"container:power"}""", """{"IpcMode":"host"}""", """{"IpcMode":"container:power"}""",
        """{"UTSMode":"host"}""", """{"UsernsMode":"host"}""",
        """{"Devices":[{"PathOnHost":"/dev/null","PathInContainer":"/dev/x","CgroupPermissions":"rwm"}]}""",
        """{"DeviceCgroupRules":["a *:* rwm"]}""", """{"DeviceRequests":[{"Driver":"nvidia","Count":-1}]}""",
        """{"CapAdd":["SYS_ADMIN"]}""", """{"CapAdd":"SYS_ADMIN"}""", """{"CapAdd":["cap_sys_admin"]}""", """{"CapAdd":["ALL"]}""",
        """{"CapAdd":["ſys_admin"]}""",
        """{"SecurityOpt":["seccomp=unconfined"]}""", """{"SecurityOpt":["seccomp:unconfined"]}""", """{"SecurityOpt":["label=disable"]}""",
        """{"SecurityOpt":["disable"]}""", """{"SecurityOpt":["apparmor=unconfined"]}""", """{"SecurityOpt":["systempaths=unconfined"]}""",
        """{"MaskedPaths":[]}""", """{"ReadonlyPaths":[]}""", """{"MaskedPaths":["/proc/kcore"]}""",
        """{"CgroupParent":"../../x"}""",
        """{"Runtime":"io.containerd.evil.v1"}""",
        """{"LogConfig":{"Type":"syslog","Config":{"syslog-address":"unixgram:///dev/log"}}}""",
        """{"LogConfig":{"Config":{"syslog-address":"unixgram:///dev/log"}}}""",
        """{"VolumeDriver":"../../tmp/x"}""",
        """{"OomScoreAdj":-999}""", """{"OomKillDisable":true}""", """{"CpuRealtimeRuntime":950000}""",
        """{"Ulimits":[{"Name":"rtprio","Soft":99,"Hard":99}]}""",
        """{"Annotations":{"run.oci.hooks":"x"}}""",
        """{"Ulimits":[null]}""", """{"BlkioDeviceReadBps":[null]}""", """{"GroupAdd":[""]}""",
        """{"LogConfig":{"Type":"json-file","Config":{"tag":"{{len (pad \"x\" 5000000000 0)}}"}}}""", """{"LogConfig":{"Config":{"max-file":"2000000000"}}}""",
    ];

    private static readonly (string Method, string Path, string Body, string Type)[] Calls =
    [
        ("POST", "/containers/create", """{"Image":"I","Privileged":true}""", "application/json"),
        ("POST", "/containers/create", """{"Image":"I","HostConfig":null,"Binds":["P:/h"]}""", "application/json"),
        ("POST", "/containers/create", """{"Image":"I","HostConfig":{"Privileged":true}}}""", "application/json"),
        ("POST", "/containers/create", """{"Image":"I"} {"HostConfig":{"Privileged":true}}""", "application/json"),
        ("POST", "/containers/create", """{"Image":"I","HostConfig":{"Privileged":true}}""", "text/plain"),
        ("POST", "/containers/create", """{"Image":"I","Healthcheck":{"Test":["CMD"],"Interval":1000000}}""", "application/json"),
        ("POST", "/commit?container=plain&repo=x", """{"Healthcheck":{"Test":["CMD"]}}""", "application/json"),
        ("POST", "/build?version=2&ulimits=%5Bnull%5D", "", "application/x-tar"),
        ("POST", "/containers%2Fcreate", """{"Image":"I","HostConfig":{"Privileged":true}}""", "application/json"),
        ("POST", "/containers/%63reate", """{"Image":"I","HostConfig":{"Privileged":true}}""", "application/json"),
        ("POST", "/v1.23/containers/plain/start", """{"Binds":["P:/h"]}""", "application/json"),
        ("POST", "/containers/plain/exec", """{"Cmd":["id"],"Privileged":true}""", "application/json"),
        ("GET", "/containers/power/archive?path=/h/marker", "", ""),
        ("HEAD", "/containers/power/archive?path=/h/marker", "", ""),
        ("GET", "/containers/neverstarted/archive?path=/h/marker", "", ""),
        ("GET", "/containers/withvolume/archive?path=/h/marker", "", ""),
        ("PUT", "/containers/power/archive?path=/h", "", "application/x-tar"),
        ("POST", "/v1.23/containers/power/copy", """{"Resource":"/h/marker"}""", "application/json"),
        ("POST", "/containers/power/attach?stream=1&stdin=1&stdout=1", "", ""),
        ("GET", "/containers/power/attach/ws?stream=1&stdin=1&stdout=1", "", ""),
        ("GET", "/containers/hop/attach/ws?stream=1&stdin=1", "", ""),
        ("GET", "/containers/power/top?ps_args=-oargs=x", "", ""),
        ("GET", "/containers/plain/top?ps_args=-p%201%20-o%20args:900,user,pid", "", ""),
        ("GET", "/containers/plain/top?ps_args=eww%20-p%201%20-o%20args,pid", "", ""),
        ("POST", "/containers/plain/start?checkpoint=../../../../P", "", ""),
        ("POST", "/containers/plain/checkpoints", """{"CheckpointID":"x","CheckpointDir":"P"}""", "application/json"),
        ("POST", "/containers/plain/start?checkpoint=x&checkpoint-dir=P", "", ""),
        ("POST", "/build?networkmode=host", "", "application/x-tar"),
        ("POST", "/build?network%6dode=ho%73t", "", "application/x-tar"),
        ("POST", "/build?networkmode=host&networkmode=none", "", "application/x-tar"),
        ("POST", "/build?cgroupparent=/x", "", "application/x-tar"),
        ("POST", "/build?networkmode=container:hostnet", "", "application/x-tar"),
        ("POST", "/build?remote=http://127.0.0.1:1/x", "", "application/x-tar"),
        ("POST", "/build", "networkmode=host", "application/x-www-form-urlencoded"),
        ("POST", "/images/create?fromSrc=http://127.0.0.1:1/x", "", ""),
        ("POST", "/images/create", "fromSrc=http://127.0.0.1:1/x", "application/x-www-form-urlencoded"),
        ("POST", "/containers/plain/rename?name=a", "name=b", "application/x-www-form-urlencoded"),
        ("POST", "/volumes/create", """{"Name":"v1","DriverOpts":{"type":"none","o":"bind","device":"P"}}""", "application/json"),
        ("POST", "/volumes/create", """{"Name":"v2","Driver":"local","driveropts":{"type":"tmpfs","o":"bind","device":"P"}}""", "application/json"),
        ("POST", "/volumes/create", """{"Name":"v3","DriverOpts":{"type":"nfs","o":"addr=127.0.0.1","device":":/x"}}""", "application/json"),
        ("POST", "/volumes/create", """{"Name":"v4","Driver":"../../x"}""", "application/json"),
        ("POST", "/networks/create", """{"Name":"n1","Driver":"macvlan"}""", "application/json"),
        ("POST", "/networks/create", """{"Name":"n2","Driver":"bridge","Options":{"com.docker.network.bridge.name":"br9"}}""", "application/json"),
        ("POST", "/networks/create", """{"Name":"n3","IPAM":{"Config":[{"Subnet":"169.254.169.0/24"}]}}""", "application/json"),
        ("POST", "/networks/create", """{"Name":"n4","IPAM":{"Driver":"../../x"}}""", "application/json"),
        ("POST", "/swarm/init", """{"ListenAddr":"127.0.0.1"}""", "application/json"),
        ("POST", "/swarm/join", """{"RemoteAddrs":["127.0.0.1:1"]}""", "application/json"),
        ("GET", "/swarm", "", ""),
        ("GET", "/swarm/unlockkey", "", ""),
        ("POST", "/nodes/x/update?version=1", """{"Role":"manager"}""", "application/json"),
        ("POST", "/plugins/create?name=x", "", "application/x-tar"),
        ("POST", "/plugins/pull?remote=x&name=x", "[]", "application/json"),
        ("POST", "/plugins/x/enable", "", ""),
        ("POST", "/plugins/x/set", """["A=1"]""", "application/json"),
        ("POST", "/services/create", """{"TaskTemplate":{"ContainerSpec":{"Image":"I","Mounts":[{"Type":"bind","Source":"P","Target":"/h"}]}}}""", "application/json"),
        ("POST", "/services/create", """{"TaskTemplate":{"ContainerSpec":{"Image":"I","Mounts":[{"Type":"volume","Source":"/srv/{{.Service.Name}}","Target":"/h"}]}}}""", "application/json"),
        ("POST", "/services/create", """{"TaskTemplate":{"ContainerSpec":{"Image":"I","CapabilityAdd":["sys_admin"]}}}""", "application/json"),
        ("POST", "/services/create", """{"TaskTemplate":{"ContainerSpec":{"Image":"I","Privileges":{"Seccomp":{"Mode":"unconfined"}}}}}""", "application/json"),
        ("POST", "/services/create", """{"Networks":[{"Target":"host"}],"TaskTemplate":{"ContainerSpec":{"Image":"I"}}}""", "application/json"),
        ("POST", "/services/create", """{"TaskTemplate":{"ContainerSpec":{"Image":"I","Healthcheck":{"Test":["CMD"]}}}}""", "application/json"),
        ("POST", "/services/create", """{"TaskTemplate":{"ContainerSpec":{"Image":"I","Env":["A={{define \"a\"}}{{end}}"]}}}""", "application/json"),
        ("POST", "/services/create", """{"TaskTemplate":{"ContainerSpec":{"Image":"I","Groups":[""]}}}""", "application/json"),
        ("POST", "/services/create", """{"TaskTemplate":{"ContainerSpec":{"Image":"I","Secrets":[null]}}}""", "application/json"),
        ("POST", "/services/create", """{"TaskTemplate":{"ContainerSpec":{"Image":"I"}},"Mode":{"Replicated":{"Replicas":200000}}}""", "application/json"),
        ("POST", "/services/x/update?version=1", """{"TaskTemplate":{"ContainerSpec":{"Image":"I"}},"UpdateConfig":{"Parallelism":9223372036854775808}}""", "application/json"),
        ("POST", "/services/create", """{"TaskTemplate":{"Runtime":"plugin","PluginSpec":{"Name":"x"}}}""", "text/plain"),
        ("POST", "/secrets/create", """{"Name":"x","Driver":{"Name":"../../x"}}""", "application/json"),
        ("POST", "/configs/create", """{"Name":"x","Templating":{"Name":"golang"},"Data":""}""", "application/json"),
        ("POST", "/containers/plain/update", """{"Devices":[{"PathOnHost":"/dev/null"}]}""", "application/json"),
        ("POST", "/containers/plain/unheard-of", "{}", "application/json"),
    ];

    private string _folder = "";

    internal override (string Name, string Value)[] ProxySettings => Settings.Everything;

    [OneTimeSetUp]
    public void MakeTheHostsFolder()
    {
        // Below /root: what lies there is the host's own, so that a container that holds it may not be entered.
        _folder = Directory.CreateDirectory($"/root/.socketrelay-attack-{Guid.NewGuid():N}").FullName;
        File.WriteAllText(Path.Combine(_folder, "marker"), Marker);
        Direct.Run("volume", "create", "-o", "type=none", "-o", "o=bind", "-o", $"device={_folder}", "opvol").ShouldExit(0);
    }

    [OneTimeTearDown]
    public void RemoveTheHostsFolder()
    {
        CleanUp();
        Direct.Run("volume", "rm", "-f", "opvol");
        File.Delete(Path.Combine(_folder, "marker"));
        Directory.Delete(_folder);
    }

    [SetUp]
    public void MakeTheOperatorsContainers()
    {
        Direct.Run("run", "-d", "--name", "plain", "--network", "none", Image, "sleep", "1000").ShouldExit(0);
        Direct.Run("run", "-d", "--name", "power", "--network", "none", "-v", $"{_folder}:/h", Image, "sleep", "1000").ShouldExit(0);
        Direct.Run("run", "-d", "--name", "hostnet", "--network", "host", Image, "sleep", "1000").ShouldExit(0);
        Direct.Run("run", "-d", "--name", "hop", "--network", "container:hostnet", Image, "sleep", "1000").ShouldExit(0);
        Direct.Run("create", "--name", "neverstarted", "--network", "none", "-v", $"{_folder}:/h", Image, "sleep", "1000").ShouldExit(0);
        Direct.Run("create", "--name", "withvolume", "--network", "none", "-v", "opvol:/h", Image, "sleep", "1000").ShouldExit(0);
    }

    [Test]
    public void Creates_ThatAskForTheHost_AreRefused()
    {
        List<string> passed = [];
        foreach (string hostConfig in HostConfigs)
        {
            foreach (string prefix in (string[])["", "/v1.41"])
                Try("POST", prefix + "/containers/create", $$"""{"Image":"I","Cmd":["cat","/h/marker"],"HostConfig":{{hostConfig}}}""", "application/json", passed);
        }

        passed.ShouldBeEmpty();
        Direct.Run("ps", "-aq").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(6, "nothing but the operator's containers is there");
    }

    [Test]
    public void Calls_ThatReachForTheHost_AreRefused()
    {
        List<string> passed = [];
        foreach ((string method, string path, string body, string type) in Calls)
            Try(method, path, body, type, passed);
        passed.ShouldBeEmpty();
    }

    [Test]
    public void SystemFiles_AreTakenOut_AndTheAnswerSaysSo()
    {
        (int status, string answer) = Call(Proxy.Port, "POST", "/v1.41/containers/create", """{"Image":"I","HostConfig":{"NetworkMode":"none","Binds":["P:/h"]}}""", "application/json");
        status.ShouldBe(201, answer);
        using JsonDocument json = JsonDocument.Parse(answer);
        json.RootElement.GetProperty("Warnings").GetRawText().ShouldContain("socketrelay");
        Direct.Run("inspect", "-f", "{{len .Mounts}}", json.RootElement.GetProperty("Id").GetString()!).Output.Trim().ShouldBe("0");
    }

    [Test]
    public void WhatMayNotBeCreated_MayNotBeEntered()
    {
        // The first line shows that the attack is one: straight to the engine it reads the host.
        Direct.Run("exec", "power", "cat", "/h/marker").Output.ShouldContain(Marker);
        foreach (string target in (string[])["power", "hostnet", "hop"])
        {
            CommandResult entered = Through.Run("exec", target, "cat", "/h/marker");
            entered.ExitCode.ShouldNotBe(0);
            entered.Output.ShouldNotContain(Marker);
            entered.Error.ShouldContain("socketrelay");
        }

        Through.Run("cp", "power:/h/marker", "-").Output.ShouldNotContain(Marker);
        Through.Run("cp", "withvolume:/h/marker", "-").Output.ShouldNotContain(Marker);
        Through.Run("exec", "plain", "echo", "in").Output.ShouldContain("in");
    }

    // As an image brings it that was loaded or pulled, which no body shows. A start of it would end the engine.
    [Test]
    public void ContainerWhoseCheckHasNoCommand_IsNotStarted()
    {
        using UnixClient engine = UnixClient.Connect(Engine.SocketPath);
        string body = $$"""{"Image":"{{Image}}","Cmd":["sleep","1000"],"Healthcheck":{"Test":["CMD"]},"HostConfig":{"NetworkMode":"none"} }""";
        engine.Send($"POST /containers/create?name=check HTTP/1.1\r\nHost: engine\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        HttpText.Status(engine.ReadToEnd(Deadline.Step)).ShouldBe(201);
        foreach (string call in (string[])["start", "restart"])
        {
            (int status, string answer) = Call(Proxy.Port, "POST", $"/containers/check/{call}", "", "");
            status.ShouldBe(403, answer);
            answer.ShouldContain("its health check is one word");
            Through.Run(call, "plain").ShouldExit(0);
        }

        Direct.Run("inspect", "-f", "{{.State.Status}}", "check").Output.Trim().ShouldBe("created");
    }

    [Test]
    public void ExecOfSomebodyElse_IsJudgedAtItsStart_WhateverTheNamesAre()
    {
        string inPower = ExecOf("power", privileged: false);
        string privileged = ExecOf("plain", privileged: true);
        Direct.Run("rename", "power", "aside").ShouldExit(0);
        Direct.Run("rename", "plain", "power").ShouldExit(0);
        Direct.Run("rename", "aside", "plain").ShouldExit(0);
        foreach (string exec in (string[])[inPower, privileged])
        {
            (int status, string answer) = Call(Proxy.Port, "POST", $"/exec/{exec}/start", """{"Detach":true}""", "application/json");
            status.ShouldBe(403, answer);
            answer.ShouldContain("socketrelay");
        }
    }

    private string ExecOf(string container, bool privileged)
    {
        using UnixClient engine = UnixClient.Connect(Engine.SocketPath);
        string body = privileged ? """{"Cmd":["true"],"Privileged":true}""" : """{"Cmd":["cat","/h/marker"]}""";
        engine.Send($"POST /containers/{container}/exec HTTP/1.1\r\nHost: engine\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        string answer = engine.ReadToEnd(Deadline.Step);
        using JsonDocument json = JsonDocument.Parse(answer[answer.IndexOf('{', StringComparison.Ordinal)..(answer.LastIndexOf('}') + 1)]);
        return json.RootElement.GetProperty("Id").GetString()!;
    }

    private void Try(string method, string path, string body, string type, List<string> passed)
    {
        (int status, string answer) = Call(Proxy.Port, method, path, body, type);
        bool refusedHere = status is 400 or 403 or 415 && (method == "HEAD" || answer.Contains("socketrelay", StringComparison.Ordinal) || status == 400);
        bool filtered = status == 201 && answer.Contains("socketrelay left out", StringComparison.Ordinal);
        if (filtered)
        {
            string id = JsonDocument.Parse(answer).RootElement.GetProperty("Id").GetString()!;
            filtered = Direct.Run("inspect", "-f", "{{len .Mounts}}", id).Output.Trim() == "0";
            Direct.Run("rm", "-f", id).ShouldExit(0);
        }

        if (!refusedHere && !filtered)
            passed.Add($"{method} {path} {body} -> {status} {answer}");
    }

    private (int Status, string Answer) Call(int port, string method, string path, string body, string type)
    {
        byte[] content = Encoding.UTF8.GetBytes(body.Replace("\"I\"", $"\"{Image}\"", StringComparison.Ordinal)
            .Replace("P:/h", $"{_folder}:/h", StringComparison.Ordinal).Replace("\"P\"", $"\"{_folder}\"", StringComparison.Ordinal)
            .Replace("..P", ".." + _folder, StringComparison.Ordinal).Replace("/P:", $"/{_folder}:", StringComparison.Ordinal)
            .Replace("root/P", "root" + _folder, StringComparison.Ordinal));
        using RawClient client = RawClient.Connect(port);
        string fields = type.Length > 0 ? $"Content-Type: {type}\r\n" : "";
        client.Send($"{method} {path} HTTP/1.1\r\nHost: relay\r\nConnection: close\r\n{fields}Content-Length: {content.Length}\r\n\r\n");
        client.Send(content);
        string all = client.ReadToEnd(Deadline.Step);
        int end = all.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return (HttpText.Status(all), all[(end + 4)..]);
    }
}
