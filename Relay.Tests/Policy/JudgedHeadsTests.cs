using System.Text;
using SocketRelay.Http;
using SocketRelay.Policy;

namespace SocketRelay.Tests.Policy;

/// <summary>The memory of heads that were judged: the same bytes and no others, and nothing that should not stay.</summary>
[TestFixture]
internal sealed class JudgedHeadsTests
{
    private const string Poll = "GET /v1.45/containers/json?all=1 HTTP/1.1\r\nHost: docker\r\nUser-Agent: poller/1.0\r\n\r\n";

    private static readonly AclTable Table = AclCompiler.Compile(TecnativaSwitches.Read(
        static name => name is "POST" or "CONTAINERS" or "EXEC" or "BUILD" ? "1" : null));

    private static readonly RequestPlanner Planner = new(Table);

    [Test]
    public void HeadThatCameTwice_IsFoundWithItsPlan()
    {
        JudgedHeads heads = new();
        Judge(heads, Poll);
        heads.Find(Bytes(Poll)).ShouldBeNull("once is no habit");
        Judge(heads, Poll);

        JudgedHead? found = heads.Find(Bytes(Poll));

        found.ShouldNotBeNull();
        RequestPlan plan = Plan(Poll);
        found.Plan.ShouldBe(plan);
        found.Rule.ShouldBe("CONTAINERS");
        Encoding.ASCII.GetString(found.Method.Span).ShouldBe("GET");
        Encoding.ASCII.GetString(found.Path.Span).ShouldBe("/v1.45/containers/json");
    }

    [Test]
    public void OneOtherByteAnywhere_IsNotFound()
    {
        JudgedHeads heads = Knowing(Poll);
        byte[] bytes = Bytes(Poll);
        for (int at = 0; at < bytes.Length; at++)
        {
            for (int value = 0; value < 256; value++)
            {
                byte[] other = [.. bytes];
                other[at] = (byte)value;
                if (value != bytes[at])
                    (heads.Find(other) is null).ShouldBeTrue($"byte {at} as {value}");
            }
        }
    }

    [Test]
    public void PartOfItOrMoreThanIt_IsNotFound()
    {
        JudgedHeads heads = Knowing(Poll);
        byte[] bytes = Bytes(Poll);
        for (int length = 0; length < bytes.Length; length++)
        {
            heads.Find(bytes.AsSpan(0, length)).ShouldBeNull();
            heads.Find(bytes.AsSpan(length)).ShouldBe(length == 0 ? heads.Find(bytes) : null);
        }

        heads.Find([.. bytes, (byte)'G']).ShouldBeNull();
        heads.Find([.. bytes, .. bytes]).ShouldBeNull();
        heads.Find([.. "\r\n"u8, .. bytes]).ShouldBeNull();
    }

    [TestCase("GET /secrets HTTP/1.1\r\nHost: x\r\n\r\n", TestName = "Refused_IsNotKept")]
    [TestCase("POST /containers/create HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n", TestName = "WithABody_IsNotKept")]
    [TestCase("POST /build HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", TestName = "InChunks_IsNotKept")]
    [TestCase("POST /containers/a/attach?stream=1 HTTP/1.1\r\nHost: x\r\n\r\n", TestName = "ThatMayBecomeATunnel_IsNotKept")]
    [TestCase("GET /containers/json HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\n\r\n", TestName = "WithAnUpgrade_IsNotKept")]
    [TestCase("GET /containers/json HTTP/1.1\r\nHost: x\r\naUTHORIZATION: Basic eDp5\r\n\r\n", TestName = "WithAuthorization_IsNotKept")]
    [TestCase("GET /containers/json HTTP/1.1\r\nHost: x\r\nProxy-Authorization: Basic eDp5\r\n\r\n", TestName = "WithProxyAuthorization_IsNotKept")]
    [TestCase("GET /containers/json HTTP/1.1\r\nHost: x\r\nCookie: a=b\r\n\r\n", TestName = "WithACookie_IsNotKept")]
    [TestCase("GET /containers/json HTTP/1.1\r\nHost: x\r\nX-Registry-Auth: e30\r\n\r\n", TestName = "WithRegistryAuth_IsNotKept")]
    [TestCase("GET /containers/json HTTP/1.1\r\nHost: x\r\nX-Registry-Config: e30\r\n\r\n", TestName = "WithRegistryConfig_IsNotKept")]
    public void IsNotKept(string head) => Knowing(head).Find(Bytes(head)).ShouldBeNull();

    [TestCase(JudgedHeads.MaxHeadBytes, true)]
    [TestCase(JudgedHeads.MaxHeadBytes + 1, false)]
    public void LongHead_IsKeptUpToItsBound(int length, bool kept)
    {
        const string Frame = "GET /version HTTP/1.1\r\nHost: d\r\nX: \r\n\r\n";
        string head = Frame.Replace("X: ", "X: " + new string('x', length - Frame.Length));
        (Knowing(head).Find(Bytes(head)) is not null).ShouldBe(kept);
    }

    [Test]
    public void ShortestHead_IsKept()
    {
        const string Head = "GET /_ping HTTP/1.0\r\n\r\n";
        Knowing(Head).Find(Bytes(Head)).ShouldNotBeNull();
    }

    [Test]
    public void ManyHeads_AreKeptInBoundedRoom()
    {
        string[] all = [.. Enumerable.Range(0, 5_000).Select(static n => $"GET /containers/{n}/json HTTP/1.1\r\nHost: docker\r\n\r\n")];
        JudgedHeads heads = new();
        foreach (string head in all)
        {
            Judge(heads, head);
            Judge(heads, head);
        }

        all.Count(head => heads.Find(Bytes(head)) is not null).ShouldBeInRange(JudgedHeads.Slots / 2, JudgedHeads.Slots);
    }

    private static JudgedHeads Knowing(string head)
    {
        JudgedHeads heads = new();
        for (int i = 0; i < 3; i++)
            Judge(heads, head);
        return heads;
    }

    private static void Judge(JudgedHeads heads, string text)
    {
        HeadParser.TryParseRequest(Bytes(text), HeadLimits.Default, out RequestHead head).ShouldBe(MessageDefect.None);
        Planner.Plan(head, out RequestPlan plan).ShouldBe(MessageDefect.None);
        heads.Note(head, plan, Table.RuleName(plan.Verdict));
    }

    private static RequestPlan Plan(string text)
    {
        HeadParser.TryParseRequest(Bytes(text), HeadLimits.Default, out RequestHead head).ShouldBe(MessageDefect.None);
        Planner.Plan(head, out RequestPlan plan).ShouldBe(MessageDefect.None);
        return plan;
    }

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);
}
