using SocketRelay.Tests.Daemon;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Sessions;

/// <summary>What tests share in which many clients come at once: each has an engine and a relay of its own, and a crowd that leaves at its end.</summary>
public abstract class CrowdTest
{
    /// <summary>A call that every engine here answers with 200.</summary>
    internal const string Call = "GET /v1.41/containers/json HTTP/1.1\r\nHost: x\r\n\r\n";

    /// <summary>An answer to this is more than any reader takes.</summary>
    internal const string Export = "GET /v1.41/containers/web/export HTTP/1.1\r\nHost: x\r\n\r\n";

    private int _full;

    /// <summary>The clients that have come and are still there, in their order.</summary>
    internal List<RawClient> Crowd { get; } = [];

    /// <summary>The scripted engine.</summary>
    internal RecordingDaemon Daemon { get; private set; } = null!;

    /// <summary>The relay in front of it, once it is started.</summary>
    internal ProxyProcess Proxy { get; private set; } = null!;

    /// <summary>Starts the engine.</summary>
    [SetUp]
    public void StartEngine()
    {
        _full = 0;
        Daemon = new RecordingDaemon();
    }

    /// <summary>Ends everything.</summary>
    [TearDown]
    public void Stop()
    {
        Scatter();
        Proxy?.Dispose();
        Proxy = null!;
        Daemon.Dispose();
    }

    /// <summary>Starts a relay that lets everything through and tells warnings alone, under these variables besides.</summary>
    internal ProxyProcess StartRelay(params (string Name, string Value)[] settings) =>
        Take(ProxyProcess.Start(Daemon.SocketPath, [("GUARD", "0"), ("LOG_LEVEL", "warning"), .. Settings.Everything, .. settings]));

    /// <summary>Ends a relay that was started in another way together with the test.</summary>
    internal ProxyProcess Take(ProxyProcess proxy) => Proxy = proxy;

    /// <summary>Lets clients come, each of which sends this.</summary>
    /// <param name="count">How many.</param>
    /// <param name="begin">What they send; nothing when absent.</param>
    /// <param name="receiveBuffer">How much the kernel may take for each that does not read; its own choice when absent.</param>
    internal void Gather(int count, string begin = "", int? receiveBuffer = null)
    {
        for (var i = 0; i < count; i++)
        {
            Crowd.Add(RawClient.Connect(Proxy.Port, receiveBuffer));
            Crowd[^1].Send(begin);
        }
    }

    /// <summary>Lets all leave.</summary>
    internal void Scatter()
    {
        Crowd.ForEach(static client => client.Dispose());
        Crowd.Clear();
    }

    /// <summary>Lets so many readers come that read nothing of what is sent to each, until the kernel's buffers and the relay's are full.</summary>
    internal void GatherFullReaders(int count)
    {
        var part = new byte[65536];
        Daemon.Script = connection =>
        {
            while (connection.ReadRequest() is { } request)
            {
                if (!request.Path.EndsWith("/export", StringComparison.Ordinal))
                {
                    connection.Send(RecordingDaemon.HarmlessAnswer(request));
                    continue;
                }

                connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 4294967296\r\n\r\n");
                connection.SendUntilFull(part, 64 * part.Length);
                Interlocked.Increment(ref _full);
            }
        };
        Gather(count, Export, receiveBuffer: 4096);
        Deadline.Until(() => Volatile.Read(ref _full) == count, "every reader's way to be full", TimeSpan.FromSeconds(120));
    }

    /// <summary>Asserts that a client is answered.</summary>
    internal static void ShouldBeServed(RawClient client)
    {
        client.Send(Call);
        HttpText.Status(client.ReadAnswer().Head).ShouldBe(200);
    }
}
