using System.Text;
using SocketRelay.Policy;

namespace SocketRelay.Tests.Policy;

/// <summary>The perfect hash of segments.</summary>
internal sealed class SegmentMapTests
{
    [Test]
    public void EverySegment_IsFoundAndNoOther()
    {
        string[] names = ["", "a", "b", "ab", "abc", "abd", "json", "jsom", "stop", "start", "containers", "distribution", "a-long-segment-1", "a-long-segment-2"];
        var map = new SegmentMap<string>([.. names.Select(name => KeyValuePair.Create(Encoding.ASCII.GetBytes(name), name))]);
        foreach (string name in names)
            map.Find(Encoding.ASCII.GetBytes(name)).ShouldBe(name);
        foreach (string other in (string[])["c", "ba", "JSON", "jsonx", "container", "containerz", "a-long-segment-3", "a-lonG-segment-1", "\0"])
            map.Find(Encoding.ASCII.GetBytes(other)).ShouldBeNull(other);
    }

    [Test]
    public void EmptyMap_FindsNothing()
    {
        var map = new SegmentMap<string>([]);
        map.Find(""u8).ShouldBeNull();
        map.Find("containers"u8).ShouldBeNull();
    }

    [Test]
    public void EqualSegments_CannotBeTold() =>
        Should.Throw<ArgumentException>(() => new SegmentMap<string>([KeyValuePair.Create("x"u8.ToArray(), "1"), KeyValuePair.Create("x"u8.ToArray(), "2")]));
}
