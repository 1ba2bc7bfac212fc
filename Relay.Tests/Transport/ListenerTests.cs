using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using SocketRelay.Transport;

namespace SocketRelay.Tests.Transport;

[TestFixture]
internal sealed class ListenerTests
{
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    internal static async ValueTask EchoAsync(IEndpoint endpoint, ConnectionGate gate)
    {
        try
        {
            while (true)
            {
                var read = await endpoint.Input.ReadAsync();
                foreach (ReadOnlyMemory<byte> piece in read.Buffer)
                {
                    if ((await endpoint.Output.WriteAsync(piece)).IsCompleted)
                        return;
                }
                endpoint.Input.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                    break;
            }
            endpoint.ShutdownWrite();
        }
        catch (EndpointAbortedException)
        {
        }
        finally
        {
            endpoint.Dispose();
            gate.Release();
        }
    }

    [Test]
    public void TcpClient_IsEchoedToItsEnd()
    {
        using LoopThread loop = new();
        ConnectionGate gate = new(10);
        ListenResult bound = Listener.Bind(loop.Loop, new ListenAddress { Address = IPAddress.Loopback });
        bound.Errno.ShouldBe(0);
        loop.Run(() => bound.Listener!.Start(e => _ = EchoAsync(e, gate), gate));
        using (TcpClient client = new("127.0.0.1", bound.Listener!.Port))
        {
            NetworkStream stream = client.GetStream();
            byte[] sent = new byte[3_000_000];
            Random.Shared.NextBytes(sent);
            Thread writer = new(() =>
            {
                stream.Write(sent);
                client.Client.Shutdown(SocketShutdown.Send);
            });
            writer.Start();
            byte[] got = new byte[sent.Length];
            stream.ReadExactly(got);
            stream.ReadByte().ShouldBe(-1);
            writer.Join();
            got.ShouldBe(sent);
        }
        loop.Run(bound.Listener.Stop);
        loop.Run(() => gate.Open).ShouldBe(0);
    }
}
