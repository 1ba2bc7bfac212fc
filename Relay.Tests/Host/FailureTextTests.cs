using System.Net;
using SocketRelay.Host;
using SocketRelay.Transport;

namespace SocketRelay.Tests.Host;

/// <summary>What is said of a place that cannot be opened and of an engine that cannot be reached.</summary>
internal class FailureTextTests
{
    private const int EACCES = 13;
    private const int ENOENT = 2;
    private const int EROFS = 30;
    private const int EAFNOSUPPORT = 97;
    private const int EADDRINUSE = 98;
    private const int EADDRNOTAVAIL = 99;

    private static readonly ListenAddress Port = new() { Address = IPAddress.Any, Port = 80 };
    private static readonly ListenAddress File = new() { UnixPath = "/run/a.sock" };

    [TestCase("BIND_CONFIG")]
    [TestCase("METRICS_BIND")]
    public void ListenFailure_NamesTheVariableToChange(string variable)
    {
        ListenFailures.TextOf(Port, EADDRINUSE, variable).ShouldBe($"the port is in use; stop what listens there or choose another port in {variable}");
        ListenFailures.TextOf(Port, EACCES, variable).ShouldBe($"permission denied; ports below 1024 need root; choose another port in {variable}");
        ListenFailures.TextOf(Port, EADDRNOTAVAIL, variable).ShouldBe($"no interface of this machine has this address; choose another in {variable}");
        ListenFailures.TextOf(File, EADDRINUSE, variable).ShouldBe($"something else is at this path; remove it or choose another path in {variable}");
        ListenFailures.TextOf(Port, EAFNOSUPPORT, variable).ShouldBe($"this machine has no IPv6; write an IPv4 address in {variable}, as in :2375");
    }

    [Test]
    public void SocketThatCannotBeMade_NamesItsFolder()
    {
        ListenFailures.TextOf(File, EACCES, "BIND_CONFIG").ShouldEndWith(" may not write /run or give the socket away");
        ListenFailures.TextOf(File, ENOENT, "BIND_CONFIG").ShouldBe("the directory /run is not there; mount it");
        ListenFailures.TextOf(File, EROFS, "BIND_CONFIG").ShouldBe("/run is read-only; mount a volume or a tmpfs there");
    }

    [Test]
    public void SocketLostAfterRootWasGivenUp_AdvisesARestart()
    {
        EngineFailures.TextOf("/run/x.sock", EACCES, isRootGivenUp: true).ShouldBe(
            "cannot open /run/x.sock: permission denied; its group or mode has changed since the relay gave root up: restart the container, or set KEEP_ROOT=1");
        EngineFailures.TextOf("/run/x.sock", EACCES, isRootGivenUp: false).ShouldNotContain("restart");
        EngineFailures.TextOf("/tmp", EACCES, isRootGivenUp: true).ShouldStartWith("cannot open /tmp: it is a directory");
        EngineFailures.TextOf("/run/x.sock", ENOENT, isRootGivenUp: true).ShouldContain("no such file; mount");
    }
}
