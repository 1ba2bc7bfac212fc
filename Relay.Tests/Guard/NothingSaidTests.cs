using System.Text;
using SocketRelay.Guard;
using SocketRelay.Policy;

namespace SocketRelay.Tests.Guard;

/// <summary>Bodies that say nothing: <c>null</c>, which Go reads as an object without members, and what the engine leaves unread on a start.</summary>
internal sealed class NothingSaidTests
{
    private static readonly GuardKind[] ReadKinds =
    [
        GuardKind.ContainerCreate, GuardKind.ContainerUpdate, GuardKind.ContainerStart, GuardKind.ContainerCheckpoint, GuardKind.ExecCreate,
        GuardKind.VolumeCreate, GuardKind.NetworkCreate, GuardKind.NetworkConnect, GuardKind.NetworkDisconnect, GuardKind.ServiceCreate,
        GuardKind.ServiceUpdate, GuardKind.Secret, GuardKind.Config,
    ];

    // A container is asked about before it starts; by its full id the call goes on as it came.
    private static readonly string Ordinary = Inspections.IdOf("28.5-plain");

    [Test]
    public void Null_IsJudgedAsAnObjectWithoutMembers([ValueSource(nameof(ReadKinds))] GuardKind kind, [Values("null", " null", "\r\n\tnull \n      ")] string body)
    {
        foreach (bool isChunked in (bool[])[false, true])
        {
            GuardRun run = new();
            GuardResult result = run.Judge(kind, Encoding.ASCII.GetBytes(body), "web", contentType: "application/json", isChunked: isChunked);
            if (kind is not (GuardKind.ExecCreate or GuardKind.ContainerStart))
            {
                GuardRun.ShouldPassUntouched(result);
                continue;
            }

            // The container is asked about whatever the body says, and this engine has none.
            GuardRun.ShouldRefuse(result, 404, "No such object");
            run.Asked.ShouldBe(["/containers/web/json"]);
        }
    }

    [TestCase("nullx")]
    [TestCase("null null")]
    [TestCase("null{\"HostConfig\":{\"Privileged\":true}}")]
    [TestCase("NULL")]
    [TestCase("nul")]
    [TestCase("\uFEFFnull")]
    [TestCase("[null]")]
    [TestCase("\"null\"")]
    [TestCase("0       ")]
    [TestCase("false   ")]
    public void WhatIsNotNull_IsRefusedAsBefore(string body)
    {
        foreach (GuardKind kind in ReadKinds)
            GuardRun.ShouldRefuse(new GuardRun().Judge(kind, Encoding.UTF8.GetBytes(body), "web", contentType: "application/json", isChunked: true), 400);
    }

    [Test]
    public void Null_TakesNothingFromTheQueryAndTheName()
    {
        GuardRun.ShouldRefuse(new GuardRun().Body(GuardKind.ContainerStart, "null    ", "web", "checkpoint=c&checkpoint-dir=/etc"), 403, "checkpoint-dir is never allowed");
        GuardRun.ShouldRefuse(new GuardRun().Body(GuardKind.ContainerStart, "null", "web", "checkpoint=c&checkpoint-dir=/etc"), 403, "checkpoint-dir is never allowed");
        GuardRun self = new() { Guard = { Self = new SelfIdentity("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", ["relay"], []) } };
        GuardRun.ShouldRefuse(self.Body(GuardKind.ContainerStart, "null", "relay"), 403, "relay");
    }

    [Test]
    public void BodyThatTheEngineLeavesUnreadOnStart_Passes(
        [Values("{}", "null", " ", "[]", "abc", "1234567", "{\"a\":1}", "a=b", "\xFF", "%zz")] string body,
        [Values(null, "", "application/json", "text/plain", "application/octet-stream", "application/x-www-form-urlencoded", "multipart/x", "appl\u0130cation/json")] string? type)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        GuardRun.ShouldPassUntouched(RunWithOrdinary().Judge(GuardKind.ContainerStart, bytes, Ordinary, contentType: type));
        GuardRun.ShouldPassUntouched(RunWithOrdinary().Judge(GuardKind.ContainerStart, bytes, Ordinary, contentType: type, encoded: true));
        GuardRun.ShouldPassUntouched(RunWithOrdinary("AUDIT_ONLY=1").Judge(GuardKind.ContainerStart, bytes, Ordinary, contentType: type));
    }

    // One byte more, or a length that the head does not give, and an old engine reads it as a HostConfig.
    [TestCase("{\"a\":12}", "application/json", false, 403)]
    [TestCase("{\"a\":1}", "application/json", true, 403)]
    [TestCase("12345678", "application/json", false, 400)]
    [TestCase("[]", "application/json", true, 400)]
    [TestCase("{}      ", "text/plain", false, 415)]
    [TestCase("{}", "text/plain", true, 415)]
    [TestCase("a=bcdefg", "application/x-www-form-urlencoded", false, 403)]
    [TestCase("a=b", "application/x-www-form-urlencoded", true, 403)]
    public void BodyThatAnEngineMightReadOnStart_IsJudged(string body, string type, bool isChunked, int status)
    {
        GuardRun.ShouldRefuse(new GuardRun().Judge(GuardKind.ContainerStart, Encoding.ASCII.GetBytes(body), "web", contentType: type, isChunked: isChunked), status);
    }

    [TestCase("{}      ")]
    [TestCase("    null")]
    public void LongerBodyThatSaysNothingOnStart_Passes(string body) =>
        GuardRun.ShouldPassUntouched(RunWithOrdinary().Body(GuardKind.ContainerStart, body, Ordinary));

    [Test]
    public void ShortBodyOfOtherCalls_IsReadAllTheSame()
    {
        foreach (GuardKind kind in ReadKinds.Where(static kind => kind != GuardKind.ContainerStart))
            GuardRun.ShouldRefuse(new GuardRun().Body(kind, "[]", "web"), 400, "must be an object");
    }

    private static GuardRun RunWithOrdinary(params string[] variables) =>
        new GuardRun(variables).Answer($"/containers/{Ordinary}/json", Inspections.Read("28.5-plain"));
}
