using SocketRelay.Tests.Daemon;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Sessions;

/// <summary>
/// What tests share that drive the real relay process over real sockets, with a scripted engine behind it: raw bytes in, raw bytes out,
/// every byte at the engine on record.
/// </summary>
public abstract class RecordedSessionTest
{
    private RecordingDaemon? _daemon;
    private ProxyProcess? _proxy;

    /// <summary>The scripted engine.</summary>
    internal RecordingDaemon Daemon => _daemon!;

    /// <summary>The proxy under test, in front of <see cref="Daemon"/>.</summary>
    internal ProxyProcess Proxy => _proxy!;

    /// <summary>The variables under which the proxy runs.</summary>
    internal virtual (string Name, string Value)[] ProxySettings => Settings.Everything;

    /// <summary>Starts both.</summary>
    [OneTimeSetUp]
    public void StartBoth()
    {
        _daemon = new RecordingDaemon();
        _proxy = ProxyProcess.Start(_daemon.SocketPath, ProxySettings);
    }

    /// <summary>Stops both.</summary>
    [OneTimeTearDown]
    public void StopBoth()
    {
        _proxy?.Dispose();
        _daemon?.Dispose();
    }

    /// <summary>Begins each test with an empty record and an engine that answers everything.</summary>
    [SetUp]
    public void Forget()
    {
        Daemon.Forget();
        Daemon.Script = RecordingDaemon.AnswerEverything;
        Daemon.StopsReadingAt = null;
    }

    /// <summary>
    /// Lets the engine answer the guard's questions (and all other plain reads) harmlessly, and hands the first request of a connection
    /// for which <paramref name="isMeant"/> holds to <paramref name="script"/>.
    /// </summary>
    internal void OnRequest(Func<RecordedRequest, bool> isMeant, Action<RecordedConnection, RecordedRequest> script) =>
        Daemon.Script = connection =>
        {
            while (connection.ReadRequest() is { } request)
            {
                if (isMeant(request))
                {
                    script(connection, request);
                    return;
                }

                connection.Send(RecordingDaemon.HarmlessAnswer(request));
            }
        };

    /// <summary>The connection at the engine whose bytes contain a text.</summary>
    internal RecordedConnection ConnectionWith(string text)
    {
        RecordedConnection? found = null;
        Deadline.Until(
            () => (found = Daemon.Connections.FirstOrDefault(c => c.Received.Contains(text, StringComparison.Ordinal))) is not null,
            $"'{text}' at the engine");
        return found!;
    }

    /// <summary>Connects a client to the proxy.</summary>
    internal RawClient Connect() => RawClient.Connect(Proxy.Port);

    /// <summary>Lets a client leave.</summary>
    internal static void Leave(RawClient client, LeavingManner manner)
    {
        switch (manner)
        {
            case LeavingManner.HalfCloses:
                client.EndSending();
                break;
            case LeavingManner.Closes:
                client.Dispose();
                break;
            case LeavingManner.Resets:
                client.Reset();
                break;
        }
    }
}
