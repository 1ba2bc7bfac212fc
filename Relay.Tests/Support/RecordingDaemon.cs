using System.Collections.Concurrent;
using System.Net.Sockets;

namespace SocketRelay.Tests.Support;

/// <summary>
/// A stand-in for the engine on a Unix socket of its own. It keeps every byte that it receives, connection by connection and in the
/// portions in which they came, and answers as a script says. It trusts its peer: its own reading of HTTP only tells where a request
/// ends that it is about to answer, so what it received can be held against what the relay judged.
/// </summary>
internal sealed class RecordingDaemon : IDisposable
{
    private readonly string _folder = Repository.NewTemporaryFolder("daemon");
    private readonly List<RecordedConnection> _connections = [];
    private readonly ConcurrentQueue<Exception> _failures = [];
    private Socket? _listener;
    private Socket? _dead;

    /// <summary>Starts listening.</summary>
    /// <param name="script">Runs once for each connection, on a thread of its own; <see cref="AnswerEverything"/> when absent.</param>
    public RecordingDaemon(Action<RecordedConnection>? script = null)
    {
        Script = script ?? AnswerEverything;
        SocketPath = Path.Combine(_folder, "docker.sock");
        Listen();
    }

    /// <summary>What is run for connections that are accepted from now on.</summary>
    public Action<RecordedConnection> Script { get; set; }

    /// <summary>
    /// Where set, connections that are accepted from now on are read until they have brought this text, and then no more until
    /// <see cref="RecordedConnection.ReadOn"/>.
    /// </summary>
    public string? StopsReadingAt { get; set; }

    /// <summary>The path of the socket.</summary>
    public string SocketPath { get; }

    /// <summary>The connections since the start or the last <see cref="Forget"/>, in the order in which they were accepted.</summary>
    public IReadOnlyList<RecordedConnection> Connections
    {
        get
        {
            lock (_connections)
                return [.. _connections];
        }
    }

    /// <summary>All bytes received since the last <see cref="Forget"/>, connection after connection, as Latin-1 text.</summary>
    public string Received => string.Concat(Connections.Select(connection => connection.Received));

    /// <summary>Answers every request on a connection with 200 and a small JSON body; see <see cref="HarmlessAnswer"/>.</summary>
    public static void AnswerEverything(RecordedConnection connection)
    {
        while (connection.ReadRequest() is { } request)
            connection.Send(HarmlessAnswer(request));
    }

    /// <summary>
    /// What an engine would say of a thing without any power, where the path asks for one (<c>/containers/X/json</c>,
    /// <c>/exec/X/json</c>, <c>/volumes/X</c>); an object with the path of the request else.
    /// </summary>
    public static string HarmlessAnswer(RecordedRequest request)
    {
        var body = HarmlessInspection.Of(request.Path) ?? $"{{\"answer\":\"{request.Method} {request.Path}\"}}";
        var answer = HttpText.Json(200, body);
        return request.Method == "HEAD" ? answer[..^body.Length] : answer;
    }

    /// <summary>Forgets all connections so far; those that are open stay open but are recorded no longer.</summary>
    public void Forget()
    {
        lock (_connections)
            _connections.Clear();
    }

    /// <summary>Waits until so many connections have been accepted, and returns the last of them.</summary>
    public RecordedConnection WaitForConnection(int number = 1)
    {
        Deadline.Until(() => Connections.Count >= number, $"connection {number} at the engine");
        return Connections[number - 1];
    }

    /// <summary>Begins to listen at <see cref="SocketPath"/>, in place of whatever file lies there, and to accept.</summary>
    public void Listen()
    {
        ListenWithoutAccepting(512);
        StartAccepting();
    }

    /// <summary>Accepts what waits, and what comes.</summary>
    public void StartAccepting()
    {
        var listener = _listener ?? throw new InvalidOperationException("it does not listen");
        new Thread(() => Accept(listener)) { IsBackground = true }.Start();
    }

    /// <summary>Listens like an engine that hangs: it accepts nothing, so that dialling it has to wait once its backlog is full.</summary>
    /// <param name="backlog">Connections that the kernel keeps, and one more.</param>
    public void ListenWithoutAccepting(int backlog)
    {
        _listener?.Dispose();
        _dead?.Dispose();
        _dead = null;
        File.Delete(SocketPath);
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        listener.Listen(backlog);
        _listener = listener;
    }

    /// <summary>Fills the backlog of an engine that does not accept, with connections that carry nothing. The caller closes them.</summary>
    public IReadOnlyList<Socket> FillBacklog()
    {
        List<Socket> waiting = [];
        while (true)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
            try
            {
                socket.Connect(new UnixDomainSocketEndPoint(SocketPath));
                waiting.Add(socket);
            }
            catch (SocketException full) when (full.SocketErrorCode is SocketError.WouldBlock or SocketError.TryAgain)
            {
                socket.Dispose();
                return waiting;
            }
        }
    }

    /// <summary>
    /// Ends like a killed engine: nobody listens, every connection is gone, and the socket's file stays behind unless it is removed.
    /// </summary>
    public void Stop(bool removeFile = false)
    {
        _listener?.Dispose();
        _listener = null;
        foreach (var connection in Connections)
            connection.Close();
        if (removeFile)
            File.Delete(SocketPath);
        else if (!File.Exists(SocketPath))
            LeaveDeadSocket();
    }

    /// <summary>Ends like <see cref="Stop"/> and leaves nothing behind.</summary>
    /// <exception cref="AggregateException">A script threw, which is a failure of the test that wrote it.</exception>
    public void Dispose()
    {
        Stop(removeFile: true);
        _dead?.Dispose();
        Directory.Delete(_folder, recursive: true);
        if (!_failures.IsEmpty)
            throw new AggregateException("the script of the stand-in engine failed", _failures);
    }

    /// <summary>
    /// .NET removes a socket's file when it closes the socket; a killed process does not. A bound socket on which nobody listens refuses
    /// connections in the same way as one whose process is gone.
    /// </summary>
    private void LeaveDeadSocket()
    {
        _dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _dead.Bind(new UnixDomainSocketEndPoint(SocketPath));
    }

    private void Accept(Socket listener)
    {
        while (true)
        {
            RecordedConnection connection;
            try
            {
                connection = new RecordedConnection(listener.Accept());
            }
            catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
            {
                return;
            }

            lock (_connections)
                _connections.Add(connection);
            connection.Run(Script, _failures.Enqueue, StopsReadingAt);
        }
    }
}
