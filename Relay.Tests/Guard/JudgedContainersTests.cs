using SocketRelay.Guard;

namespace SocketRelay.Tests.Guard;

[TestFixture]
internal sealed class JudgedContainersTests
{
    [Test]
    public void OldestVerdicts_GoWhenThereAreTooMany()
    {
        var judged = new JudgedContainers();
        for (int i = 0; i < JudgedContainers.Capacity + 10; i++)
        {
            judged.Keep(Verdict(i));
            judged.Keep(Verdict(i));
        }

        judged.Count.ShouldBe(JudgedContainers.Capacity);
        judged.Find("9").ShouldBeNull();
        judged.Find("10").ShouldNotBeNull();
        judged.Clear();
        judged.Count.ShouldBe(0);
    }

    private static ContainerVerdict Verdict(int id) =>
        new(id.ToString(System.Globalization.CultureInfo.InvariantCulture), [], [], false, false, false, null, null, null, [], false);
}
