using System.Text;
using Docker.DotNet;
using Docker.DotNet.Models;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Daemon;

/// <summary>Docker.DotNet.Enhanced as a client: one connection a call, lower-case upgrades, attach without a length, half-closed streams.</summary>
[Category("Daemon")]
[TestFixtureSource(typeof(Engines), nameof(Engines.Names))]
public sealed class DotNetClientTests(string engineName) : EngineTest(engineName)
{
    private DockerClient? _client;

    private DockerClient Client => _client!;

    [SetUp]
    public void Connect() => _client = new DockerClientBuilder().WithEndpoint(new Uri($"http://127.0.0.1:{Proxy.Port}")).Build();

    [TearDown]
    public void Disconnect() => _client?.Dispose();

    [Test]
    public async Task VersionListAndInspect_Answer()
    {
        (await Client.System.GetVersionAsync()).APIVersion.ShouldNotBeNullOrEmpty();
        var id = await Create(["sleep", "60"], openStdin: false);
        var all = await Client.Containers.ListContainersAsync(new ContainersListParameters { All = true });
        all.ShouldContain(container => container.ID == id);
        (await Client.Containers.InspectContainerAsync(id)).Config!.Image.ShouldBe(Engine.Image);
        var missing = await Should.ThrowAsync<DockerContainerNotFoundException>(() => Client.Containers.InspectContainerAsync("nobody"));
        missing.StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
    }

    [Test]
    public async Task Attach_CarriesInputItsEndAndTheOutput()
    {
        var id = await Create(["wc", "-c"], openStdin: true);
        using var stream = await Client.Containers.AttachContainerAsync(
            id, new ContainerAttachParameters { Stream = true, Stdin = true, Stdout = true, Stderr = true });
        await Client.Containers.StartContainerAsync(id, new ContainerStartParameters());
        (await Converse(stream, "12345")).ShouldBe("5\n");
        (await Client.Containers.WaitContainerAsync(id)).StatusCode.ShouldBe(0);
    }

    [Test]
    public async Task Exec_CarriesInputItsEndAndTheOutput()
    {
        var id = await Create(["sleep", "60"], openStdin: false);
        await Client.Containers.StartContainerAsync(id, new ContainerStartParameters());
        var exec = await Client.Exec.CreateContainerExecAsync(
            id, new ContainerExecCreateParameters { Cmd = ["wc", "-c"], AttachStdin = true, AttachStdout = true, AttachStderr = true });
        using var stream = await Client.Exec.StartContainerExecAsync(exec.ID, new ContainerExecStartParameters());
        (await Converse(stream, "1234567")).ShouldBe("7\n");
        (await Client.Exec.InspectContainerExecAsync(exec.ID)).ExitCode.ShouldBe(0);
    }

    [Test]
    public async Task Events_ArriveAndCanBeLeft()
    {
        using var leave = new CancellationTokenSource(Deadline.Step);
        var seen = new TaskCompletionSource<string>();
        var watching = Client.System.MonitorEventsAsync(
            new ContainerEventsParameters(), new Progress<Message>(message => seen.TrySetResult(message.Action)), leave.Token);
        await Task.Delay(500, CancellationToken.None);
        await Client.Volumes.CreateAsync(new VolumesCreateParameters { Name = "pool" }, CancellationToken.None);
        (await seen.Task.WaitAsync(Deadline.Step, CancellationToken.None)).ShouldBe("create");
        await Client.Volumes.RemoveAsync("pool", cancellationToken: CancellationToken.None);
        await leave.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => watching);
    }

    private async Task<string> Create(string[] command, bool openStdin)
    {
        var created = await Client.Containers.CreateContainerAsync(new CreateContainerParameters
        {
            Image = Engine.Image,
            Cmd = command,
            OpenStdin = openStdin,
            StdinOnce = openStdin,
            AttachStdin = openStdin,
            HostConfig = new HostConfig { NetworkMode = "none" },
        });
        return created.ID;
    }

    private static async Task<string> Converse(MultiplexedStream stream, string input)
    {
        using var limit = new CancellationTokenSource(Deadline.Step);
        var bytes = Encoding.ASCII.GetBytes(input);
        await stream.WriteAsync(bytes, 0, bytes.Length, limit.Token);
        stream.CloseWrite();
        var (output, _) = await stream.ReadOutputToEndAsync(limit.Token);
        return output;
    }
}
