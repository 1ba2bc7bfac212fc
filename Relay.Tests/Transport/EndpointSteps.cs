using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using SocketRelay.Transport;

namespace SocketRelay.Tests.Transport;

/// <summary>Short sentences for tests over endpoints and their peers.</summary>
internal static class EndpointSteps
{
    /// <summary>Reads once and consumes all; "" at the end.</summary>
    public static async ValueTask<string> ReadTextAsync(this IEndpoint endpoint)
    {
        ReadResult read = await endpoint.Input.ReadAsync();
        string text = Encoding.UTF8.GetString(read.Buffer.ToArray());
        endpoint.Input.AdvanceTo(read.Buffer.End);
        return text;
    }

    public static ValueTask<FlushResult> WriteTextAsync(this IEndpoint endpoint, string text) =>
        endpoint.Output.WriteAsync(Encoding.UTF8.GetBytes(text));

    public static void SendText(this Socket peer, string text) => peer.Send(Encoding.UTF8.GetBytes(text)).ShouldBe(text.Length);

    /// <summary>Exactly so many bytes as text.</summary>
    public static string ReceiveText(this Socket peer, int count)
    {
        byte[] bytes = new byte[count];
        int got = 0;
        while (got < count)
        {
            int n = peer.Receive(bytes, got, count - got, SocketFlags.None);
            if (n == 0)
                break;
            got += n;
        }
        return Encoding.UTF8.GetString(bytes, 0, got);
    }

    /// <summary>Everything up to the FIN.</summary>
    public static byte[] ReceiveAll(this Socket peer)
    {
        MemoryStream all = new();
        byte[] piece = new byte[65536];
        int n;
        while ((n = peer.Receive(piece)) > 0)
            all.Write(piece, 0, n);
        return all.ToArray();
    }

    /// <summary>Sends all on a thread of its own and says FIN.</summary>
    public static Thread SendAllAndEnd(this Socket peer, byte[] bytes)
    {
        Thread sender = new(() =>
        {
            for (int sent = 0; sent < bytes.Length;)
                sent += peer.Send(bytes, sent, Math.Min(100_000, bytes.Length - sent), SocketFlags.None);
            peer.Shutdown(SocketShutdown.Send);
        });
        sender.Start();
        return sender;
    }

    /// <summary>Closes with a reset (TCP).</summary>
    public static void Reset(this Socket peer)
    {
        peer.LingerState = new LingerOption(true, 0);
        peer.Close();
    }

    public static byte[] RandomBytes(int count, int seed = 1)
    {
        byte[] bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
