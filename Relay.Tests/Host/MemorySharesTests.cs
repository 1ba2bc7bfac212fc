using SocketRelay.Guard;
using SocketRelay.Host;
using SocketRelay.Transport;

namespace SocketRelay.Tests.Host;

/// <summary>Who gets what of a limit of memory, and what a start says where a setting asks for more.</summary>
[TestFixture]
internal sealed class MemorySharesTests
{
    private const long OfCompose = 96L << 20; // three quarters of 128 MB
    private static readonly GuardSettings Default = new();

    [Test]
    public void ComposeFilesLimit_HoldsTheDefaultNumberOfConnections()
    {
        MemoryShares shares = new(OfCompose);
        shares.ConnectionsWithin(3000).ShouldBe(3000);
        shares.LargeBuffers.ShouldBeInRange(150, 200);
        shares.HeldHeads.ShouldBe(6L << 20);
        shares.BodiesWithin(Default).ShouldBe(24L << 20);
    }

    [TestCase(20L << 20)]
    [TestCase(OfCompose)]
    [TestCase(1L << 30)]
    public void AllSharesTogether_AreLessThanTheMemory(long limit)
    {
        MemoryShares shares = new(limit);
        long all = ((long)shares.LargeBuffers * BufferSegment.Size) + shares.HeldHeads + shares.BodiesWithin(Default)
            + (shares.ConnectionsWithin(int.MaxValue) * 16L * 1024);
        all.ShouldBeLessThan(limit);
    }

    [Test]
    public void MemoryWithoutALimit_LeavesTheSettingsAsTheyAre()
    {
        MemoryShares shares = new(long.MaxValue);
        shares.ConnectionsWithin(1_000_000).ShouldBe(1_000_000);
        shares.BodiesWithin(Default with { Memory = 1L << 40 }).ShouldBe(1L << 40);
        shares.LargeBuffers.ShouldBe(int.MaxValue);
        shares.HeldHeads.ShouldBe(64L << 20);
        MemoryShares.OfProcess().ConnectionsWithin(3000).ShouldBe(3000);
    }

    [Test]
    public void OneBodyOfTheLimit_AlwaysFits() => new MemoryShares(1 << 20).BodiesWithin(Default).ShouldBe(Default.BodyLimit);

    [Test]
    public void SettingThatAsksForMore_IsToldWithWhatIsServed()
    {
        HostOptions options = OptionsValidator.Validate(new Dictionary<string, string> { ["MAX_CONNECTIONS"] = "10000", ["GUARD_MEMORY"] = "50m" }).Options!;
        new MemoryShares(OfCompose).Warnings(options).ShouldBe(
        [
            "MAX_CONNECTIONS=10000 needs more memory than there is: 3072 connections are served at once, further ones wait; raise the container's memory (mem_limit)",
            "GUARD_MEMORY=52428800 is more than a quarter of the memory: 25165824 bytes are used; raise the container's memory (mem_limit)",
        ]);
        new MemoryShares(OfCompose).Warnings(OptionsValidator.Validate(new Dictionary<string, string>()).Options!).ShouldBeEmpty("the default yields without a word");
    }
}
