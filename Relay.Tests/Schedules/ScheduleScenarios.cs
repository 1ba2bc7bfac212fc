using SocketRelay.Exchange;

namespace SocketRelay.Tests.Schedules;

/// <summary>The exchanges whose schedules are explored.</summary>
internal static class ScheduleScenarios
{
    private const string Get = "GET /containers/json HTTP/1.1\r\nHost: d\r\n\r\n";
    private const string Denied = "GET /secrets HTTP/1.1\r\nHost: d\r\n\r\n";
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n[42]";
    private const string Length = "POST /build HTTP/1.1\r\nHost: d\r\nContent-Length: 10\r\n\r\n";
    private const string Chunked = "POST /build HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n";
    private const string Expect = "POST /build HTTP/1.1\r\nHost: d\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n";
    private const string Create = "POST /containers/create HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\nContent-Length: ";
    private const string Start = "POST /exec/abc/start HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
    private const string Upgrading = "POST /exec/abc/start HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
    private const string Switched = "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";
    private const string Plain = "{\"Image\":\"busybox\"}";
    private const string Refused = "{\"Image\":\"busybox\",\"HostConfig\":{\"Privileged\":true}}";
    private const string Named = "{\"Image\":\"busybox\",\"HostConfig\":{\"Binds\":[\"data:/data\"]}}";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ScheduleScenario> All { get; } =
    [
        new("a plain request, kept", [Get[..20], Get[20..]], [(Get.Length, Ok[..25]), (Get.Length, Ok[25..])]),
        new("two requests in a row", [Get + Get[..20], Get[20..]], [(Get.Length, Ok), (2 * Get.Length, Ok[..10]), (2 * Get.Length, Ok[10..])]),
        new("an upload with a length", [Length + "01234", "56789"], [(Length.Length + 10, Ok[..25]), (Length.Length + 10, Ok[25..])]),
        new("an upload in chunks", [Chunked + "5\r\n012", "34\r\n0\r\n", "\r\n"], [(Chunked.Length + 15, Ok)]),
        new("an upload that is answered early", [Length + "0", "1234", "56789" + Get], [(Length.Length, Ok[..25]), (Length.Length, Ok[25..]), (Length.Length + 10 + Get.Length, Ok)]),
        new("an upload that is refused early", [Chunked + "5\r\n01", "234\r\n0\r\n\r\n"], [(Chunked.Length, "HTTP/1.1 413 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")]),
        new("an upload that asks first", [Expect, "body"], [(Expect.Length, "HTTP/1.1 100 Continue\r\n\r\n"), (Expect.Length + 4, Ok)]),
        new("an answer in chunks", [Get], [(Get.Length, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n[4"), (Get.Length, "2]\r\n0\r\n\r\n")]),
        new("an answer that ends with its connection", [Get + Get], [(Get.Length, "HTTP/1.1 200 OK\r\n\r\n[4"), (Get.Length, "2]")]),
        new("a refusal and a request", [Denied[..15], Denied[15..] + Get], [(Get.Length, Ok)]),
        new("a refusal with a body", ["POST /images/create HTTP/1.1\r\nHost: d\r\nContent-Length: 4\r\n\r\nbo", "dy", Get], [(Get.Length, Ok)]),
        new("a refusal of a body without end", ["POST /images/create HTTP/1.1\r\nHost: d\r\nTransfer-", "Encoding: chunked\r\n\r\n", "4\r\nbody\r\n", "0\r\n\r\n"], []),
        new("bytes that are no request", [Get + "GET /x\n", "\r\n"], [(Get.Length, Ok)]),
        new("a body that breaks its coding", [Chunked + "2\r\nab\r\n", "zz\r\n"], [(Chunked.Length, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no"), (Chunked.Length, "k")]) { AtFault = [EndParty.Downstream] },
        new("an answer that is none", [Get], [(Get.Length, "HTTP/1.1 OK\r\n\r\n")]) { AtFault = [EndParty.Upstream] },
        new("a create under the guard", [Create + $"{Plain.Length}\r\n\r\n" + Plain[..10], Plain[10..]], [(100, "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}")]) { IsGuarded = true },
        new("a create that the guard asks about", [Create + $"{Named.Length}\r\n\r\n" + Named], [(130, "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}")]) { IsGuarded = true },
        new("a create that the guard refuses", [Create + $"{Refused.Length}\r\n\r\n" + Refused[..20], Refused[20..], Get], [(Get.Length, Ok)]) { IsGuarded = true },
        new("an exec with an upgrade", [Upgrading[..^1], Upgrading[^1..], "in"], [(Upgrading.Length, Switched), (Upgrading.Length, "out")]),
        new("an exec without one", [Start, "in"], [(Start.Length, "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\no"), (Start.Length, "ut")]),
        new("a switch that nobody asked for", [Get], [(Get.Length, Switched)]) { AtFault = [EndParty.Upstream] },
        new("a slow reader of an answer", [Get], [(Get.Length, Ok + " and more than was announced")]) { Window = 16 },
        new("a slow reader of an upload", [Length + "0123456789" + Get], [(Length.Length + 10, Ok), (Length.Length + 10 + Get.Length, Ok)]) { Window = 48 },
        new("a slow reader of an upload in chunks", [Chunked + "5\r\n012", "34\r\n0\r\n\r\n"], [(Chunked.Length + 15, Ok)]) { Window = 48 },
        new("a slow tunnel", [Start + "standard input", " and more"], [(Start.Length, "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n"), (Start.Length, "standard output")]) { Window = 32 },
    ];
}
