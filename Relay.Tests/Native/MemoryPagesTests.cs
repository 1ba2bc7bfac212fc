using SocketRelay.Native;

namespace SocketRelay.Tests.Native;

/// <summary>Memory that is asked for before it is written to.</summary>
[TestFixture]
internal sealed class MemoryPagesTests
{
    [Test]
    public void PagesBehindAnObject_AreGivenAndHoldWhatWasThere()
    {
        if (!OperatingSystem.IsLinux() || Environment.OSVersion.Version < new Version(5, 14))
            Assert.Ignore("the kernel is older than 5.14");
        // Pinned ones lie in a heap of their own; this one reaches over the pages that are asked for.
        byte[] bytes = GC.AllocateArray<byte>(64 * 1024, pinned: true);
        bytes.AsSpan().Fill(7);
        MemoryPages.Populate(bytes, 8 * Environment.SystemPageSize).ShouldBeTrue();
        bytes.ShouldAllBe(static value => value == 7);
    }
}
