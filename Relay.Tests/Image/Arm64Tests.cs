using System.Buffers.Binary;
using SocketRelay.Tests.Daemon;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Image;

/// <summary>
/// The executable for arm64, which the Dockerfile cross-compiles: a static file of that architecture, and at work in QEMU's user mode, where it shows
/// that the layouts and numbers that differ there are right (struct epoll_event, system calls by number).
/// </summary>
[TestFixture]
[NonParallelizable]
[Category("Image")]
internal sealed class Arm64Tests
{
    private const ushort MachineArm64 = 183; // EM_AARCH64, elf(5)
    private const uint Interpreter = 3; // PT_INTERP
    private const int Large = 1 << 20;

    [Test]
    public void Executable_IsAStaticFileForArm64()
    {
        var file = File.ReadAllBytes(BuiltImage.Arm64Executable);
        file.Length.ShouldBeLessThan(6_000_000);
        Convert.ToHexString(file[..5]).ShouldBe("7F454C4602"); // ELF, 64 bits
        BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(18)).ShouldBe(MachineArm64);
        var headers = (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(32));
        int size = BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(54)), count = BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(56));
        Enumerable.Range(0, count).Select(i => BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(headers + (i * size)))).ShouldNotContain(Interpreter);
    }

    [Test]
    public void Executable_RunsCommandsInQemu()
    {
        Run("--version").ShouldExit(0).Output.ShouldStartWith("socketrelay 0.");
        Run("check", "GET", "/_ping").ShouldExit(0).Output.ShouldStartWith("allowed: GET /_ping\n");
        Run("check", "GET", "/info").ShouldExit(1).Output.ShouldContain("needs INFO=1");

        static CommandResult Run(params string[] arguments) => RunningCommand.Run(Qemu(), [BuiltImage.Arm64Executable, .. arguments]);
    }

    [Test]
    public void Executable_ServesInQemu()
    {
        var qemu = Qemu();
        var program = BuiltImage.Arm64Executable;
        using var engine = new RecordingDaemon(static connection =>
        {
            while (connection.ReadRequest() is { } request)
            {
                if (request.Path != "/exec/x/start")
                {
                    connection.Send(RecordingDaemon.HarmlessAnswer(request));
                    continue;
                }

                connection.Send("HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
                connection.Send(new string('x', connection.ReadBytes(Large).Length));
                connection.Close();
                return;
            }
        });
        int port = Loopback.FreePort(), metrics = Loopback.FreePort();
        using var relay = RunningCommand.Start(qemu, ["-strace", program], new Dictionary<string, string?>
        {
            ["SOCKET_PATH"] = engine.SocketPath, ["BIND_CONFIG"] = $"127.0.0.1:{port}", ["METRICS_BIND"] = $"127.0.0.1:{metrics}",
            ["POST"] = "1", ["EXEC"] = "1", ["KEEP_ROOT"] = "1",
        });
        Deadline.Until(() => relay.HasExited || Loopback.Accepts(port), "a listener");
        // Many connections at once: more events in one batch than one, each with its own key.
        var clients = Enumerable.Range(0, 40).Select(_ => RawClient.Connect(port)).ToList();
        foreach (var client in clients)
            client.Send("GET /version HTTP/1.1\r\nHost: x\r\n\r\n");
        foreach (var client in clients)
        {
            client.ReadAnswer().Body.ShouldBe("{\"answer\":\"GET /version\"}");
            client.Dispose();
        }

        using (var refused = RawClient.Connect(port))
        {
            refused.Send("GET /info HTTP/1.1\r\nHost: x\r\n\r\n");
            refused.ReadAnswer().Body.ShouldContain("needs INFO=1");
        }

        using (var tunnel = RawClient.Connect(port))
        {
            tunnel.Send("POST /exec/x/start HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
            tunnel.ReadHead().ShouldContain(" 101 ");
            tunnel.Send(new byte[Large]);
            tunnel.EndSending();
            tunnel.Read(Large);
            tunnel.ReadToEnd();
        }

        using (var scraper = RawClient.Connect(metrics))
        {
            scraper.Send("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            var page = scraper.ReadToEnd();
            page.ShouldContain("\nsocketrelay_engine_up 1\n");
            page.ShouldMatch("\nprocess_open_fds [1-9]");
        }

        relay.Signal(Signals.Terminate);
        var trace = relay.WaitForExit().ShouldExit(0).Error;
        var calls = TracedCommand.CallsOf(trace.Split('\n')).ToArray();
        TestContext.Out.WriteLine(string.Join(" ", calls.Order(StringComparer.Ordinal)));
        calls.ShouldContain("epoll_pwait"); // arm64 has no epoll_wait
        calls.Except(SeccompProfile.Rules().SelectMany(static rule => rule.Names)).ShouldBeEmpty("called, and not in the profile");
    }

    private static string Qemu()
    {
        if (Environment.GetEnvironmentVariable("RELAY_QEMU_ARM64") is { Length: > 0 } named)
            return named;
        if (System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64)
            Assert.Ignore("this machine is arm64: all other tests run that executable");
        const string Installed = "/usr/bin/qemu-aarch64-static";
        if (!File.Exists(Installed))
            Engines.SkipOrFail("QEMU's user mode for arm64 is not installed (qemu-user-static)");
        return Installed;
    }
}
