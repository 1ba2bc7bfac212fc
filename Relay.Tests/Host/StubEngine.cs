using System.Net.Sockets;
using System.Text;

namespace SocketRelay.Tests.Host;

/// <summary>An engine on a Unix socket that answers every head with 200 and <c>OK</c>; <c>/events</c> begins a stream and never ends it.</summary>
internal sealed class StubEngine : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public StubEngine(string path)
    {
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen(64);
        new Thread(Accept) { IsBackground = true }.Start();
    }

    public void Dispose() => _listener.Dispose();

    private void Accept()
    {
        try
        {
            while (true)
            {
                Socket accepted = _listener.Accept();
                new Thread(() => Serve(accepted)) { IsBackground = true }.Start();
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private static void Serve(Socket connection)
    {
        byte[] buffer = new byte[8192];
        StringBuilder head = new();
        try
        {
            int count;
            while ((count = connection.Receive(buffer)) > 0)
            {
                head.Append(Encoding.Latin1.GetString(buffer, 0, count));
                int end;
                while ((end = head.ToString().IndexOf("\r\n\r\n", StringComparison.Ordinal)) >= 0)
                {
                    bool streams = head.ToString().Contains("/events ", StringComparison.Ordinal);
                    head.Remove(0, end + 4);
                    connection.Send(streams
                        ? "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"u8
                        : "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nOK"u8);
                }
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // The relay left.
        }
        finally
        {
            connection.Dispose();
        }
    }
}
