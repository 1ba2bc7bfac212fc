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

    [TestCase("stand-in --socket /nosuch/engine.sock", "nothing can listen at /nosuch/engine.sock (", "name a socket in a folder that is there and that you may write to")]
    [TestCase("stand-in --socket /dev", "nothing can listen at /dev (", "name a socket in a folder that is there and that you may write to")]
    [TestCase("latency --json /nosuch/x.json", "the results cannot be written to /nosuch/x.json (", "name a file in a folder that is there and that you may write to")]
    [TestCase("latency --engine unix:///nosuch", "the engine at unix:///nosuch cannot be reached: No such file or directory", "start it, or name another with --engine")]
    [TestCase("latency --peer frob", "--peer frob: known are relay, relay-quiet, relay-telling and haproxy", "")]
    public void WhatCannotBeDone_IsOneLineThatSaysWhatToDo(string words, string begins, string ends)
    {
        using var error = new StringWriter();
        HarnessCommandLine.Run(words.Split(' '), error).ShouldBe(2);

        error.ToString().ShouldStartWith(begins);
        error.ToString().ShouldEndWith(ends + "\n");
        error.ToString().Count(static c => c == '\n').ShouldBe(1);
    }

    [Test]
    public void SocketPathThatIsTooLong_IsOneLineThatSaysWhatToDo()
    {
        using var error = new StringWriter();
        HarnessCommandLine.Run(["stand-in", "--socket", new string('x', 108)], error).ShouldBe(2);

        error.ToString().ShouldEndWith("is longer than the 107 bytes that it may have; link a shorter path to it\n");
    }
}
