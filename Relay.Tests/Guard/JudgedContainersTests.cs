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

    [Test]
    public void LongVerdicts_AreBoundTogether()
    {
        var judged = new JudgedContainers();
        for (int i = 0; i < 500; i++)
        {
            judged.Keep(Verdict(i) with { Id = $"long {i}", NetworkOf = new string('x', 10_000) });
            judged.Bytes.ShouldBeLessThanOrEqualTo(JudgedContainers.MaxBytes);
        }

        judged.Count.ShouldBeInRange(50, 499);
        judged.Find("long 499").ShouldNotBeNull();
        judged.Find("long 0").ShouldBeNull();
        judged.Keep(new ContainerVerdict("too long", [], [], false, false, false, new string('x', JudgedContainers.MaxVerdictBytes), null, null, [], false));
        judged.Find("too long").ShouldBeNull();
        judged.Find("long 499").ShouldNotBeNull("nothing went for it");
        judged.Clear();
        judged.Bytes.ShouldBe(0);
    }

    // A container may have thousands of mounts, and its names and paths some thousand letters.
    [TestCase("{\"Type\":\"volume\",\"Name\":\"vv\",\"Source\":\"/var/lib/docker/volumes/vv/_data\",\"Destination\":\"/mNUMBER\"}", null, 2_000)]
    [TestCase("{\"Type\":\"volume\",\"Name\":\"vNUMBER\",\"Source\":\"/var/lib/docker/volumes/vNUMBER/_data\"}", "more than 64 volumes", 2_000)]
    [TestCase("{\"Type\":\"bind\",\"Source\":\"/etc/NUMBER\",\"RW\":true}", "the host's /etc/", 10_000)]
    [TestCase("{\"Type\":\"npipe\",\"Source\":\"NUMBER\"}", "does not know", 10_000)]
    public void ContainerWithThousandsOfMounts_IsKeptShort(string mount, string? ground, int most)
    {
        string mounts = string.Join(',', Enumerable.Range(0, 9000).Select(i => mount.Replace("NUMBER", $"{i}", StringComparison.Ordinal)));
        byte[] answer = System.Text.Encoding.UTF8.GetBytes(
            $"{{\"Id\":\"{new string('a', 64)}\",\"HostConfig\":{{\"NetworkMode\":\"container:{new string('n', 100_000)}\",\"PidMode\":\"container:web\"}},\"Mounts\":[{mounts}]}}");
        var tape = new JsonTape();
        StrictJson.Read(answer, tape, out _).ShouldBe(JsonDefect.None);
        ContainerVerdict verdict = TargetRules.Container(new JsonView(answer, tape), GuardRun.SettingsOf(), new char[256]).ShouldNotBeNull();
        verdict.Bytes.ShouldBeLessThan(most);
        verdict.NetworkOf.ShouldBe("", "it cannot be asked about");
        verdict.PidsOf.ShouldBe("web");
        if (ground is null)
            verdict.Volumes.Select(volume => volume.Name).ShouldBe(["vv"]);
        else
            verdict.MountGrounds[0].ShouldContain(ground);
    }

    private static ContainerVerdict Verdict(int id) =>
        new(id.ToString(System.Globalization.CultureInfo.InvariantCulture), [], [], false, false, false, null, null, null, [], false);
}
