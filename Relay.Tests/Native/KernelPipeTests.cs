using SocketRelay.Native;

namespace SocketRelay.Tests.Native;

[TestFixture]
internal sealed class KernelPipeTests
{
    [Test]
    public void Bytes_CrossFromSocketToSocket()
    {
        SocketHandle.CreatePair(out SocketHandle sender, out SocketHandle from).ThrowIfError("socketpair");
        SocketHandle.CreatePair(out SocketHandle to, out SocketHandle receiver).ThrowIfError("socketpair");
        KernelPipe.Create(out KernelPipe? created).ThrowIfError("pipe2");
        using KernelPipe pipe = created!;
        pipe.Fill(from, long.MaxValue).IsAgain.ShouldBeTrue();
        sender.Send("across the pipe"u8).Value.ShouldBe(15);
        pipe.Fill(from, 6).Value.ShouldBe(6);
        pipe.Count.ShouldBe(6);
        pipe.Drain(to).Value.ShouldBe(6);
        pipe.Fill(from, long.MaxValue).Value.ShouldBe(9);
        pipe.Drain(to).Value.ShouldBe(9);
        pipe.Count.ShouldBe(0);
        byte[] got = new byte[20];
        receiver.Receive(got).Value.ShouldBe(15);
        got.AsSpan(0, 15).SequenceEqual("across the pipe"u8).ShouldBeTrue();
        sender.ShutdownWrite();
        pipe.Fill(from, long.MaxValue).Value.ShouldBe(0);
        foreach (SocketHandle socket in new[] { sender, from, to, receiver })
            socket.Close();
    }

    [Test]
    public void ClosedReceiver_IsAnErrorAndNotASignal()
    {
        Signals.IgnoreBrokenPipes();
        SocketHandle.CreatePair(out SocketHandle sender, out SocketHandle from).ThrowIfError("socketpair");
        SocketHandle.CreatePair(out SocketHandle to, out SocketHandle receiver).ThrowIfError("socketpair");
        KernelPipe.Create(out KernelPipe? created).ThrowIfError("pipe2");
        using KernelPipe pipe = created!;
        receiver.Close();
        sender.Send("x"u8);
        pipe.Fill(from, 1).Value.ShouldBe(1);
        pipe.Drain(to).Error.ShouldBe(Errno.EPIPE);
        pipe.Count.ShouldBe(1);
        foreach (SocketHandle socket in new[] { sender, from, to })
            socket.Close();
    }
}
