using SocketRelay.Benchmarks.Commands;

namespace SocketRelay.Tests.Benchmarks;

/// <summary>Words that the harness does not understand are one line and exit code 2, not a page.</summary>
[TestFixture]
internal sealed class HarnessCommandLineTests
{
    [TestCase("", "a command is missing; see --help")]
    [TestCase("frob", "\"frob\" is not a command or an option; see --help")]
    [TestCase("--frob", "\"--frob\" is not a command or an option; see --help")]
    [TestCase("demo --frob", "\"--frob\" is not a command or an option; see demo --help")]
    [TestCase("latency --rounds x", "; see latency --help")]
    [TestCase("latency --rounds", "; see latency --help")]
    [TestCase("stand-in", "; see stand-in --help")]
    public void WhatIsNotUnderstood_IsOneLineAndExitsTwo(string words, string says)
    {
        using var error = new StringWriter();
        HarnessCommandLine.Run(words.Split(' ', StringSplitOptions.RemoveEmptyEntries), error).ShouldBe(2);

        error.ToString().ShouldEndWith(says + "\n");
        error.ToString().Count(static c => c == '\n').ShouldBe(1);
    }
}
