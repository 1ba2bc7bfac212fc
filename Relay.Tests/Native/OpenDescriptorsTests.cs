using SocketRelay.Native;

namespace SocketRelay.Tests.Native;

[TestFixture]
[NonParallelizable]
internal sealed class OpenDescriptorsTests
{
    [Test]
    public void Count_FollowsWhatIsOpened()
    {
        // More than one read of the folder: its entries take 24 bytes each. Other threads of the tests open and close a few meanwhile.
        const int Many = 800, Few = 100;
        var before = OpenDescriptors.Count();
        before.ShouldBeGreaterThan(2);
        var files = Enumerable.Range(0, Many).Select(static _ => File.OpenHandle("/dev/null")).ToList();
        try
        {
            OpenDescriptors.Count().ShouldBeInRange(before + Many - Few, before + Many + Few);
        }
        finally
        {
            files.ForEach(static file => file.Dispose());
        }
    }
}
