using SocketRelay.Host.Commands;

namespace SocketRelay.Tests.Host;

internal class ShellLineTests
{
    [TestCase("wget -q --spider http://localhost:2375/version", "wget", "-q|--spider|http://localhost:2375/version", null)]
    [TestCase("wget -qO- http://localhost:2375/_ping || exit 1", "wget", "-qO-|http://localhost:2375/_ping", 1)]
    [TestCase("wget --no-verbose --tries=1 --spider 'http://localhost:2375/_ping' || exit 1", "wget", "--no-verbose|--tries=1|--spider|http://localhost:2375/_ping", 1)]
    [TestCase("/usr/bin/wget -O - \"http://127.0.0.1:2375/_ping?a=b\"||exit 3", "wget", "-O|-|http://127.0.0.1:2375/_ping?a=b", 3)]
    [TestCase("  wget   x  ||  false ; ", "wget", "x", 1)]
    [TestCase("wget x || true", "wget", "x", 0)]
    [TestCase("wget x || exit", "wget", "x", null)]
    [TestCase("socketrelay health", "socketrelay", "health", null)]
    [TestCase("/socketrelay health || exit 1;", "socketrelay", "health", 1)]
    public void HealthCheck_IsUnderstood(string text, string name, string arguments, int? failureCode)
    {
        ShellLine line = ShellLine.Parse(text).ShouldNotBeNull();
        line.Name.ShouldBe(name);
        string.Join('|', line.Arguments).ShouldBe(arguments);
        line.FailureCode.ShouldBe(failureCode);
        (line.MutesOutput || line.MutesError || line.ErrorToOutput).ShouldBeFalse();
    }

    [TestCase("wget x >/dev/null", true, false, false)]
    [TestCase("wget x > /dev/null", true, false, false)]
    [TestCase("wget x 1>/dev/null 2>/dev/null", true, true, false)]
    [TestCase("wget x >/dev/null 2>&1 || exit 1", true, true, false)]
    [TestCase("wget x>/dev/null 2>&1||exit 1", true, true, false)]
    [TestCase("wget x 2>&1 >/dev/null", true, false, true)]
    [TestCase("wget x 2>&1", false, false, true)]
    [TestCase("wget x 2> /dev/null", false, true, false)]
    public void Redirections_AreThoseOfTheShell(string text, bool mutesOutput, bool mutesError, bool errorToOutput)
    {
        ShellLine line = ShellLine.Parse(text).ShouldNotBeNull();
        line.Arguments.ShouldBe(["x"]);
        (line.MutesOutput, line.MutesError, line.ErrorToOutput).ShouldBe((mutesOutput, mutesError, errorToOutput));
    }

    [TestCase("")]
    [TestCase("   ")]
    [TestCase("ls")]
    [TestCase("curl -f http://localhost:2375/version")]
    [TestCase("wget x; ls")]
    [TestCase("wget x && ls")]
    [TestCase("wget x & ")]
    [TestCase("wget x | grep OK")]
    [TestCase("wget x || ls")]
    [TestCase("wget x ||")]
    [TestCase("wget x || exit 1 2")]
    [TestCase("wget x || exit -1")]
    [TestCase("wget x || exit 256")]
    [TestCase("wget x || exit $?")]
    [TestCase("wget $URL")]
    [TestCase("wget \"$URL\"")]
    [TestCase("wget `id`")]
    [TestCase("wget $(id)")]
    [TestCase("wget 'x")]
    [TestCase("wget x > /etc/passwd")]
    [TestCase("wget x >")]
    [TestCase("wget x < /dev/null")]
    [TestCase("wget x\nls")]
    [TestCase("wget x >> /dev/null")]
    [TestCase("wget http://a/?x=1&y=2")]
    [TestCase("|| exit 1")]
    [TestCase("> /dev/null")]
    public void AnythingElse_IsNot(string text) => ShellLine.Parse(text).ShouldBeNull();
}
