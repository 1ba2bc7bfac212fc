using System.Net;
using SocketRelay.Host.Commands;

namespace SocketRelay.Tests.Host;

internal class WgetArgumentsTests
{
    private static WgetArguments Good(string line)
    {
        WgetArguments? parsed = WgetArguments.Parse(line.Split(' '), out string error);
        error.ShouldBe("");
        return parsed.ShouldNotBeNull();
    }

    [TestCase("-q --spider http://a/")]
    [TestCase("--quiet --spider http://a/")]
    [TestCase("--spider -q http://a/")]
    [TestCase("http://a/ -q --spider")]
    [TestCase("-q --spider -- http://a/")]
    [TestCase("-nv -q --tries=1 --spider http://a/")]
    [TestCase("--no-verbose -q -t 1 --spider http://a/")]
    [TestCase("-qt1 --no-check-certificate --spider -Y off http://a/")]
    [TestCase("-q --tries 3 --no-proxy --spider -Yoff http://a/")]
    public void SpiderForms_AreUnderstood(string line)
    {
        WgetArguments parsed = Good(line);
        parsed.IsQuiet.ShouldBeTrue();
        parsed.IsSpider.ShouldBeTrue();
        parsed.Url.ShouldBe("http://a/");
        parsed.OutputFile.ShouldBeNull();
    }

    [TestCase("-qO- a", "-")]
    [TestCase("-q -O - a", "-")]
    [TestCase("-q -O- a", "-")]
    [TestCase("-qO /dev/null a", "/dev/null")]
    [TestCase("-q --output-document=/dev/null a", "/dev/null")]
    [TestCase("-q --output-document - a", "-")]
    public void OutputForms_AreUnderstood(string line, string file) => Good(line).OutputFile.ShouldBe(file);

    [TestCase("-T 5 a", 5)]
    [TestCase("-qT5 a", 5)]
    [TestCase("--timeout=7 a", 7)]
    [TestCase("--timeout 7 a", 7)]
    [TestCase("a", 900)]
    public void TimeoutForms_AreUnderstood(string line, int seconds) => Good(line).Timeout.ShouldBe(TimeSpan.FromSeconds(seconds));

    [Test]
    public void FieldLinesAndAgent_AreKeptInOrder()
    {
        WgetArguments parsed = WgetArguments.Parse(["--header", "A: 1", "--header=B: 2", "-U", "me", "-S", "a"], out _).ShouldNotBeNull();
        parsed.FieldLines.ShouldBe(["A: 1", "B: 2"]);
        parsed.UserAgent.ShouldBe("me");
        parsed.ShowsHead.ShouldBeTrue();
    }

    [TestCase("", "no address")]
    [TestCase("-q", "no address")]
    [TestCase("a b", "one address")]
    [TestCase("-Z a", "unrecognized option: Z")]
    [TestCase("--post-data=x a", "unrecognized option '--post-data'")]
    [TestCase("a -T", "requires an argument")]
    [TestCase("a --timeout", "requires an argument")]
    [TestCase("-T x a", "invalid number")]
    [TestCase("-T 0 a", "invalid number")]
    public void WhatIsNotUnderstood_IsOneLine(string line, string says)
    {
        WgetArguments.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), out string error).ShouldBeNull();
        error.ShouldContain(says);
    }

    [Test]
    public void FieldLineWithALineEnd_IsRefused()
    {
        WgetArguments.Parse(["--header", "A: 1\r\nB: 2", "a"], out string error).ShouldBeNull();
        error.ShouldContain("line end");
    }

    [TestCase("http://localhost:2375/version", "localhost", 2375, "/version")]
    [TestCase("localhost:2375/version", "localhost", 2375, "/version")]
    [TestCase("HTTP://127.0.0.1:2375", "127.0.0.1", 2375, "/")]
    [TestCase("127.0.0.1", "127.0.0.1", 80, "/")]
    [TestCase("[::1]:2375/_ping?a=b#c", "[::1]", 2375, "/_ping?a=b")]
    [TestCase("http://[::1]/", "[::1]", 80, "/")]
    [TestCase("http://a?x", "a", 80, "/?x")]
    public void Address_IsUnderstood(string url, string host, int port, string target) =>
        WgetUrl.Parse(url, out _).ShouldBe(new WgetUrl(host, port, target));

    [TestCase("https://a/", "not an http address")]
    [TestCase("ftp://a/", "not an http address")]
    [TestCase("http://", "bad address")]
    [TestCase("http://a:0/", "bad address")]
    [TestCase("http://a:99999/", "bad address")]
    [TestCase("http://a b/", "bad address")]
    [TestCase("http://user:pw@a/", "bad address")]
    [TestCase("http://a/\r\nX: y", "bad address")]
    public void OtherAddresses_AreNot(string url, string says)
    {
        WgetUrl.Parse(url, out string error).ShouldBeNull();
        error.ShouldContain(says);
    }

    [Test]
    public void Names_AreLookedUpInTheHostsFileAlone()
    {
        string[] hosts = ["# comment", "::1 me", "10.0.0.7\tme  other # x", "10.0.0.8 else"];
        WgetUrl.Parse("me:81", out _)!.Resolve(() => hosts).ShouldBe(
            [new IPEndPoint(IPAddress.Parse("10.0.0.7"), 81), new IPEndPoint(IPAddress.IPv6Loopback, 81)]);
        WgetUrl.Parse("nobody", out _)!.Resolve(() => hosts).ShouldBeEmpty();
        WgetUrl.Parse("localhost:5", out _)!.Resolve(() => []).Select(static place => place.ToString()).ShouldBe(["127.0.0.1:5", "[::1]:5"]);
    }

    [TestCase("http://a/version", "version")]
    [TestCase("http://a/", "index.html")]
    [TestCase("http://a/b/c?d=/e", "c")]
    public void FileName_IsTheAddressesLastSegment(string url, string expected) => WgetUrl.Parse(url, out _)!.FileName.ShouldBe(expected);
}
