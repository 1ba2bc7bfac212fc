using System.Text;
using SocketRelay.Guard;
using SocketRelay.Sessions;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Sessions;

/// <summary>The memory of bodies that are judged whole: whoever stalls some keeps nobody else out.</summary>
[TestFixture]
internal sealed class GatheredMemoryTests
{
    private const ulong One = 1, Other = 2;

    [Test]
    public void LongBodiesThatStall_LeaveRoomForShortOnes()
    {
        GatheredMemory memory = new(1_000_000);
        memory.Count(0, 800_000, One);
        memory.HasRoomFor(800_000, One).ShouldBeFalse("three quarters are for long ones");
        memory.Count(0, 50_000, One);
        memory.HasRoomFor(50_000, One).ShouldBeTrue("who comes from the same address has short ones too");
        memory.Count(0, 200_000, null);
        memory.HasRoomFor(50_000, One).ShouldBeFalse("all together have a bound");
        memory.Count(1_000_000, 0, null);
        memory.Count(50_000, 0, One);
        memory.Held.ShouldBe(0);
        memory.Addresses.ShouldBe(0);
    }

    [Test]
    public void ShortBodiesOfOneAddress_LeaveRoomForThoseOfOthers()
    {
        GatheredMemory memory = new(16_000_000);
        memory.Count(0, 12_500_000, One);
        int taken = 0;
        for (; memory.HasRoomFor(50_000, One); taken++)
            memory.Count(0, 50_000, One);
        taken.ShouldBe(21, "a sixteenth of all");
        memory.HasRoomFor(50_000, Other).ShouldBeTrue();
        memory.HasRoomFor(50_000, null).ShouldBeTrue("the relay's own questions");
        memory.Count(50_000, 100_000, One);
        memory.HasRoomFor(50_000, One).ShouldBeTrue("what has become long is no short one");
        memory.Count(12_500_000, 0, One);
        memory.HasRoomFor(3_000_000, One).ShouldBeTrue("while there is room there are no shares");
    }

    [TestCase("127.0.0.1:4711", "127.0.0.1:99", true)]
    [TestCase("127.0.0.1:4711", "127.0.0.2:4711", false)]
    [TestCase("[2001:db8::1]:1", "[2001:db8::ffff:2]:2", true)]
    [TestCase("[2001:db8::1]:1", "[2001:db8:0:1::1]:1", false)]
    [TestCase("[::ffff:10.0.0.1]:1", "10.0.0.1:2", true)]
    [TestCase("[::1]:1", "127.0.0.1:1", false)]
    [TestCase("unix", "unix", true)]
    [TestCase("unix", "127.0.0.1:1", false)]
    public void Address_IsTheMachinesNotTheConnections(string one, string other, bool isSame) =>
        (GatheredMemory.AddressOf(Encoding.ASCII.GetBytes(one)) == GatheredMemory.AddressOf(Encoding.ASCII.GetBytes(other))).ShouldBe(isSame);

    // Twelve bodies of 4 MiB but for their last byte take three quarters of GUARD_MEMORY, 300 of 40 KB would take the rest.
    [Test]
    public void BodiesThatOneAddressStalls_KeepNobodyElseOut()
    {
        SessionHarness h = new(guard: new BodyGuard(new GuardSettings()));
        List<InMemoryEndpoint> stalled = [];
        int refused = 0;
        foreach (int length in Enumerable.Repeat(4 << 20, 12).Concat(Enumerable.Repeat(40_000, 400)))
        {
            InMemoryEndpoint client = Connect(h, $"10.0.0.66:{stalled.Count + 1000}");
            client.Send($"POST /containers/create HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n".PadRight(length, ' '));
            refused += client.Take().StartsWith("HTTP/1.1 503 ", StringComparison.Ordinal) ? 1 : 0;
            stalled.Add(client);
        }

        refused.ShouldBeGreaterThan(300);
        foreach (string name in (string[])["10.0.0.7:1", "[2001:db8::7]:1", "unix"])
        {
            InMemoryEndpoint other = Connect(h, name);
            other.Send("POST /containers/create HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\nContent-Length: 30000\r\n\r\n" + "{}".PadLeft(30000));
            h.Engine.Received.ShouldStartWith("POST /containers/create", customMessage: name);
            h.Answer("HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}");
            HttpText.Status(other.Take()).ShouldBe(201);
        }

        foreach (InMemoryEndpoint client in stalled)
            client.Reset();
        h.Loop.Run();
        h.Services.Gathered.Held.ShouldBe(0);
        h.Services.Gathered.Addresses.ShouldBe(0);
    }

    private static InMemoryEndpoint Connect(SessionHarness h, string name)
    {
        InMemoryEndpoint client = new(h.Loop) { RemoteName = Encoding.ASCII.GetBytes(name) };
        h.Services.StartSession(client, null);
        h.Loop.Run();
        return client;
    }
}
