using SocketRelay.Tests.Sessions;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Differential;

/// <summary>
/// What the engine received is what was judged, byte for byte: hostile streams go through the relay process over real sockets to a
/// recording engine. The guard is off, so that no question of its own is on the record.
/// </summary>
[Category("Sessions")]
public sealed class DifferentialTests : RecordedSessionTest
{
    private const string HiddenPath = "/secrets";

    internal override (string Name, string Value)[] ProxySettings =>
        [("GUARD", "0"), ("POST", "1"), ("CONTAINERS", "1"), ("VERSION", "1"), ("BUILD", "1")];

    [Test]
    public void ThereAreEnoughStreams() => HostileStreams.All.Select(stream => stream.Name).Distinct().Count().ShouldBeGreaterThanOrEqualTo(100);

    [TestCaseSource(typeof(HostileStreams), nameof(HostileStreams.All))]
    public void EngineReceivesWhatWasJudged(object stream) => Check((HostileStream)stream, (client, bytes) => client.Send(bytes));

    [TestCaseSource(typeof(HostileStreams), nameof(HostileStreams.All))]
    public void EngineReceivesWhatWasJudged_ByteByByte(object stream)
    {
        var hostile = (HostileStream)stream;
        if (hostile.Bytes.Length > 2000)
            Assert.Pass("sizes are tried whole: byte by byte they would take a minute and show nothing else");
        Check(hostile, (client, bytes) => client.SendByteByByte(bytes));
    }

    private void Check(HostileStream stream, Action<RawClient, string> send)
    {
        var logBefore = Proxy.Output.Length;
        using var client = Connect();
        var address = client.LocalAddress;
        try
        {
            send(client, stream.Bytes);
        }
        catch (System.Net.Sockets.SocketException)
        {
            // The relay may have answered and closed before the last byte of a stream that it refuses.
        }

        var expected = stream.Answers.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        foreach (var status in expected)
            HttpText.Status(ReadFinalAnswer(client)).ToString(System.Globalization.CultureInfo.InvariantCulture).ShouldBe(status, stream.Name);

        try
        {
            client.EndSending();
        }
        catch (System.Net.Sockets.SocketException)
        {
            // Closed by the relay already, as it should be after a defect.
        }

        client.ReadToEnd().ShouldBeEmpty($"'{stream.Name}' had more answers than requests");
        Deadline.Until(() => Daemon.Connections.All(connection => connection.HasEnded), "the end of the engine's side");
        if (stream.IsCutBody)
            stream.Forwarded.ShouldStartWith(Daemon.Received, Case.Sensitive, stream.Name);
        else
            Daemon.Received.ShouldBe(stream.Forwarded, stream.Name);
        if (!ProxyProcess.IsHaproxyUnderTest)
            CheckRecords(stream, address, logBefore);
    }

    /// <summary>The access records tell the same story: as many allowed as there were, and the hidden request never among them.</summary>
    private void CheckRecords(HostileStream stream, string client, int logBefore)
    {
        var answered = stream.Answers.Split(' ').Length;
        Deadline.Until(() => AccessLines.Ended(WholeLines(logBefore), client).Count >= answered, "an access record for each answer");
        var records = AccessLines.Ended(WholeLines(logBefore), client);
        var allowed = records.Where(record => record.Verdict == "allowed").ToList();
        if (!stream.IsCutBody)
            allowed.Count.ShouldBe(stream.Allowed, string.Join('\n', records));
        allowed.ShouldAllBe(record => record.Path != HiddenPath);
        records.Select(record => record.Status).ShouldBe(stream.Answers.Split(' ').Select(int.Parse));
    }

    private string WholeLines(int from)
    {
        var text = Proxy.Output[from..];
        return text[..(text.LastIndexOf('\n') + 1)];
    }

    /// <summary>The next answer that is not an interim one.</summary>
    private static string ReadFinalAnswer(RawClient client)
    {
        while (true)
        {
            var (head, _) = client.ReadAnswer();
            if (HttpText.Status(head) != 100)
                return head;
        }
    }
}
