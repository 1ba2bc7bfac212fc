using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Daemon;

/// <summary>
/// The one image that the tests need, made on the spot of Debian's static busybox, since no registry need be reachable: a root of
/// folders, the program, a link to it for each of its commands, and root's entry in /etc/passwd.
/// </summary>
internal static class BusyboxImage
{
    private const string Program = "/bin/busybox";

    /// <summary>Puts the image into an engine under <see cref="Engine.Image"/>.</summary>
    /// <exception cref="InvalidOperationException">There is no static busybox on this machine.</exception>
    public static void ImportInto(Engine engine)
    {
        if (!File.Exists(Program))
            throw new InvalidOperationException($"{Program} is missing: install busybox-static");
        var root = Repository.NewTemporaryFolder("busybox");
        try
        {
            foreach (var folder in new[] { "bin", "tmp", "etc", "proc", "sys", "dev", "root", "var" })
                Directory.CreateDirectory(Path.Combine(root, folder));
            File.Copy(Program, $"{root}/bin/busybox");
            foreach (var name in RunningCommand.Run(Program, ["--list"]).ShouldExit(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                if (name != "busybox")
                    File.CreateSymbolicLink($"{root}/bin/{name}", "busybox");
            }

            File.WriteAllText($"{root}/etc/passwd", "root:x:0:0:root:/root:/bin/sh\n");
            File.WriteAllText($"{root}/etc/group", "root:x:0:\n");
            var tar = $"{root}.tar";
            RunningCommand.Run("tar", ["-C", root, "-cf", tar, "."]).ShouldExit(0);
            using var cli = new DockerCli(engine.DockerHost);
            cli.Run("import", "-c", "CMD [\"/bin/sh\"]", "-c", "ENV PATH=/bin", tar, Engine.Image).ShouldExit(0);
            File.Delete(tar);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }
}
