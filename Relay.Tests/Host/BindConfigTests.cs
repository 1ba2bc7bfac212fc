using SocketRelay.Host;
using SocketRelay.Transport;

namespace SocketRelay.Tests.Host;

internal class BindConfigTests
{
    private static IReadOnlyList<ListenAddress> Good(string text)
    {
        List<string> errors = [];
        IReadOnlyList<ListenAddress> addresses = BindConfig.Parse("BIND_CONFIG", text, errors);
        errors.ShouldBeEmpty();
        return addresses;
    }

    private static string Bad(string text)
    {
        List<string> errors = [];
        BindConfig.Parse("BIND_CONFIG", text, errors);
        string error = errors.ShouldHaveSingleItem();
        error.ShouldStartWith("BIND_CONFIG: ");
        error.ShouldNotContain("\n");
        return error;
    }

    [TestCase(":2375", "0.0.0.0:2375")]
    [TestCase("*:2375", "0.0.0.0:2375")]
    [TestCase("127.0.0.1:2375", "127.0.0.1:2375")]
    [TestCase("localhost:2375", "127.0.0.1:2375")]
    [TestCase("[::]:2375", "[::]:2375")]
    [TestCase(":::2375", "[::]:2375")]
    [TestCase("[::1]:80", "[::1]:80")]
    [TestCase("ipv4@:2375", "0.0.0.0:2375")]
    [TestCase("ipv6@:2375", "[::]:2375")]
    [TestCase("ipv6@[::1]:1", "[::1]:1")]
    [TestCase("unix@/run/relay.sock", "unix@/run/relay.sock")]
    [TestCase("/run/relay.sock", "unix@/run/relay.sock")]
    [TestCase("  127.0.0.1:65535  ", "127.0.0.1:65535")]
    public void Address_IsUnderstood(string text, string expected) => Good(text).ShouldHaveSingleItem().ToString().ShouldBe(expected);

    [Test]
    public void Default_TakesBothFamiliesAndFallsBack()
    {
        ListenAddress address = Good(BindConfig.Default).ShouldHaveSingleItem();
        address.ToString().ShouldBe("[::]:2375");
        address.V6Only.ShouldBeFalse();
        address.FallsBackToV4.ShouldBeTrue();
    }

    [Test]
    public void V6Only_NeitherTakesV4NorFallsBack()
    {
        ListenAddress address = Good("[::]:2375 v6only").ShouldHaveSingleItem();
        address.V6Only.ShouldBeTrue();
        address.FallsBackToV4.ShouldBeFalse();
    }

    // HAProxy: it has precedence over v4v6, and no effect on other addresses.
    [TestCase("[::]:2375 v6only v4v6", true)]
    [TestCase("[::]:2375 v4v6 v6only", true)]
    [TestCase(":2375,[::]:2375 v6only", true)]
    [TestCase("[::]:2375,:2375 v6only", true)]
    [TestCase("[::]:2375,:2376 v4v6", false)]
    public void V6Only_WinsAndConcernsIPv6Alone(string text, bool isV6Only) =>
        Good(text).Single(static place => place.Address!.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6).V6Only.ShouldBe(isV6Only);

    [Test]
    public void UnixListener_HasMode0660UnlessToldOtherwise()
    {
        Good("unix@/a").ShouldHaveSingleItem().Mode.ShouldBe(Convert.ToInt32("660", 8));
        ListenAddress address = Good("unix@/a mode 0600 uid 1000 gid 999 backlog 7 name front").ShouldHaveSingleItem();
        address.Mode.ShouldBe(Convert.ToInt32("600", 8));
        address.Uid.ShouldBe(1000);
        address.Gid.ShouldBe(999);
        address.Backlog.ShouldBe(7);
    }

    [Test]
    public void OptionsBehindTheLastPlace_HoldForAll()
    {
        IReadOnlyList<ListenAddress> addresses = Good(":2375,unix@/a,unix@/b mode 600");
        addresses.Select(static a => a.ToString()).ShouldBe(["0.0.0.0:2375", "unix@/a", "unix@/b"]);
        addresses.Skip(1).ShouldAllBe(static a => a.Mode == 384);
    }

    [Test]
    public void EachPlace_MayHaveOptionsOfItsOwn()
    {
        IReadOnlyList<ListenAddress> addresses = Good("unix@/a mode 666, unix@/b mode 600");
        addresses.Select(static a => Convert.ToString(a.Mode, 8)).ShouldBe(["666", "600"]);
    }

    [TestCase("", "an address is missing")]
    [TestCase(",", "an address is missing")]
    [TestCase("[::1:2399", "\"[::1:2399\" has a bracket that is not closed")]
    [TestCase("::1]:2399", "has a bracket that is not opened")]
    [TestCase("ipv6@[::1:80", "has a bracket that is not closed")]
    [TestCase(":2399 v6only", "\"0.0.0.0:2399 v6only\" is not understood; use [::]:PORT v6only")]
    [TestCase(":2399 v6only,[::]:2398", "\"0.0.0.0:2399 v6only\" is not understood")]
    [TestCase(":2399,127.0.0.1:2398 v6only", "v6only\" is not understood")]
    [TestCase("unix@/a v6only", "\"unix@/a v6only\" is not understood")]
    [TestCase(":2375 accept\u0007proxy", "\"accept\\u0007proxy\" is not understood", TestName = "OptionWithABell_IsShownWithoutIt")]
    [TestCase(":2375,", "an address is missing")]
    [TestCase("2375", "needs one port")]
    [TestCase("9180", "\"9180\" needs one port from 1 to 65535 at its end, as in \":9180\"")]
    [TestCase("0", "as in \":2375\"")]
    [TestCase("tcp://0.0.0.0:2375", "\"tcp://\" is not understood; write the place without it, as in 127.0.0.1:2375 or unix@/path")]
    [TestCase("unix:///run/a.sock", "\"unix://\" is not understood; write the place without it, as in 127.0.0.1:2375 or unix@/path")]
    [TestCase("http://:2375", "\"http://\" is not understood")]
    [TestCase(":2375 127.0.0.1:2376", "\"127.0.0.1:2376\" is not understood; places are separated by commas, and known behind one are")]
    [TestCase(":2375 unix@/run/a.sock", "places are separated by commas")]
    [TestCase("127.0.0.1", "needs one port")]
    [TestCase(":0", "needs one port")]
    [TestCase(":65536", "needs one port")]
    [TestCase(":2375-2380", "needs one port")]
    [TestCase(":+80", "needs one port")]
    [TestCase("example.com:80", "write numbers")]
    [TestCase("1:80", "write numbers")]
    [TestCase("300.0.0.1:80", "write numbers")]
    [TestCase("ipv4@[::1]:80", "write numbers")]
    [TestCase("abns@x", "abns@")]
    [TestCase("tcp@:80", "tcp@")]
    [TestCase("unix@relative.sock", "absolute path")]
    [TestCase(":2375 ssl crt /x.pem", "TLS")]
    [TestCase(":2375 accept-proxy", "accept-proxy")]
    [TestCase("unix@/a mode", "needs a value")]
    [TestCase("unix@/a mode 888", "octal")]
    [TestCase("unix@/a mode 7777", "octal")]
    [TestCase("unix@/a uid root", "whole number")]
    [TestCase("unix@/a user root", "uid NUMBER")]
    [TestCase("unix@/a group docker", "gid NUMBER")]
    public void WhatIsNotUnderstood_IsOneClearLine(string text, string says) => Bad(text).ShouldContain(says);

    [Test]
    public void UnixPathBeyondTheKernelsLimit_IsRefused()
    {
        Good("/" + new string('a', 106)).Count.ShouldBe(1);
        Bad("/" + new string('a', 107)).ShouldContain("107 bytes");
    }

    [Test]
    public void SeveralErrors_AreAllTold()
    {
        List<string> errors = [];
        BindConfig.Parse("METRICS_BIND", "a:b,:99999,:1", errors).Count.ShouldBe(1);
        errors.Count.ShouldBe(2);
        errors.ShouldAllBe(static error => error.StartsWith("METRICS_BIND: ", StringComparison.Ordinal));
    }
}
