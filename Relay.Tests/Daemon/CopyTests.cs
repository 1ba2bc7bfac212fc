using System.Security.Cryptography;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Daemon;

/// <summary><c>docker cp</c> in both directions and <c>docker export</c>: tar streams of any size.</summary>
[Category("Daemon")]
[TestFixtureSource(typeof(Engines), nameof(Engines.Names))]
public sealed class CopyTests(string engineName) : EngineTest(engineName)
{
    private string _folder = "";

    internal override (string Name, string Value)[] ProxySettings => Settings.Worker;

    [SetUp]
    public void MakeFolder() => _folder = Repository.NewTemporaryFolder("copy");

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void CopyInAndOut_GivesTheSameBytes()
    {
        var bytes = RandomNumberGenerator.GetBytes(3 << 20);
        var original = Path.Combine(_folder, "original");
        var copy = Path.Combine(_folder, "copy");
        File.WriteAllBytes(original, bytes);
        BothWays(work =>
        {
            work.StartIdle("web");
            work.Run("cp", original, "web:/root/file");
            work.Run("exec", "web", "sha256sum", "/root/file").Output.ShouldStartWith(Convert.ToHexStringLower(SHA256.HashData(bytes)));
            work.Run("cp", "web:/root/file", copy);
            File.ReadAllBytes(copy).AsSpan().SequenceEqual(bytes).ShouldBeTrue("what came out is not what went in");
            File.Delete(copy);
        });
    }

    [Test]
    public void CopyOfAFolderAsATar_ReadsAndWritesStandardStreams() => BothWays(work =>
    {
        work.Run("create", "--name", "web", "--network", "none", Engine.Image);
        var tar = work.Cli.Run("cp", "web:/etc", "-").ShouldExit(0).OutputBytes;
        tar.Length.ShouldBeGreaterThan(1024);
        work.RunWithInput(tar, "cp", "-", "web:/tmp");
        work.Cli.Run("cp", "web:/tmp/etc/passwd", "-").ShouldExit(0).Output.ShouldContain("root:x:0:0");
    });

    [Test]
    public void CopyOfAFileThatIsNotThere_SaysSo() => BothWays(work =>
    {
        work.Run("create", "--name", "web", "--network", "none", Engine.Image);

        // The engine names the container as it was asked for, and the guard asks by the id that it judged: so no transcript.
        work.Cli.Run("cp", "web:/no/such/file", _folder).ShouldExit(1).Error.ShouldContain("Could not find the file /no/such/file in container");
    });

    [Test]
    public void Export_GivesAWholeTar() => BothWays(work =>
    {
        work.Run("create", "--name", "web", "--network", "none", Engine.Image);
        var file = Path.Combine(_folder, "export.tar");
        work.Run("export", "-o", file, "web");
        var names = RunningCommand.Run("tar", ["-tf", file]).ShouldExit(0).Output.Split('\n');
        names.ShouldContain("bin/busybox");
        work.Note($"{names.Length}");
    });
}
