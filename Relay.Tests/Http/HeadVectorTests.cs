using System.Buffers;
using System.Globalization;
using SocketRelay.Http;
using SocketRelay.Tests.Support;
using HttpMethod = SocketRelay.Http.HttpMethod;

namespace SocketRelay.Tests.Http;

/// <summary>The vectors of heads: each whole, byte by byte, and cut at every place, to the same end.</summary>
[TestFixture]
internal sealed class HeadVectorTests
{
    private static IEnumerable<TestCaseData> RequestVectors() =>
        new[] { "request-line", "request-target", "field-section", "framing" }.SelectMany(VectorReader.Cases);

    private static IEnumerable<TestCaseData> ResponseVectors() => VectorReader.Cases("response");

    [TestCaseSource(nameof(RequestVectors))]
    public void RequestVector_HoldsWhereverItIsCut(Vector vector)
    {
        HeadOutcome outcome = OutcomeWhereverCut(vector, isResponse: false);
        if (outcome.Status != ParseStatus.Complete)
            return;
        byte[] head = vector.Bytes[outcome.LeadingBytes..outcome.HeadLength];
        RequestReader.TryRead(head, HeadLimits.Default, out RequestHead request, out ArrayBufferWriter<byte>? rewritten).ShouldBe(MessageDefect.None);
        HeadParser.TryParseRequest(request.Bytes, HeadLimits.Default, out RequestHead _).ShouldBe(MessageDefect.None, "what is sent is strict");
        Dictionary<string, string> found = Describe(request);
        found["sent"] = rewritten is null ? "(as it came)" : VectorReader.Escape(rewritten.WrittenSpan);
        if (rewritten is null)
            request.Bytes.SequenceEqual(head).ShouldBeTrue();
        found["leading"] = Text(outcome.LeadingBytes);
        found["rest"] = Text(vector.Bytes.Length - outcome.HeadLength);
        ShouldHoldAll(vector, found);
    }

    [TestCaseSource(nameof(ResponseVectors))]
    public void ResponseVector_HoldsWhereverItIsCut(Vector vector)
    {
        HttpMethod method = vector["request"] == "HEAD" ? HttpMethod.Head : HttpMethod.Get;
        if (vector["defect"] is "LengthAndCoding" or "CodingInHttp10")
        {
            HeadParser.TryParseResponse(vector.Bytes, HeadLimits.Default, out ResponseHead contradictory).ShouldBe(MessageDefect.None);
            MessageFraming.OfResponse(method, contradictory, out MessageDefect framingDefect);
            framingDefect.ToString().ShouldBe(vector["defect"]);
            return;
        }

        HeadOutcome outcome = OutcomeWhereverCut(vector, isResponse: true);
        if (outcome.Status != ParseStatus.Complete)
            return;
        HeadParser.TryParseResponse(vector.Bytes[..outcome.HeadLength], HeadLimits.Default, out ResponseHead response).ShouldBe(MessageDefect.None);
        Dictionary<string, string> found = Describe(response);
        found["framing"] = Describe(MessageFraming.OfResponse(method, response, out MessageDefect defect));
        defect.ShouldBe(MessageDefect.None);
        found["request"] = vector["request"] ?? "";
        found["rest"] = Text(vector.Bytes.Length - outcome.HeadLength);
        ShouldHoldAll(vector, found);
    }

    // What a scanner refuses no parser accepts, even where it is shown the bytes at once: the parser leans on nothing. An absolute form is
    // the reader's, and the planner takes none.
    [TestCaseSource(nameof(RequestVectors))]
    public void DefectiveRequest_IsRefusedByTheParserAlone(Vector vector)
    {
        MessageDefect defect = HeadParser.TryParseRequest(vector.Bytes, HeadLimits.Default, out RequestHead request);
        if (defect == MessageDefect.None)
            (request.Target.Form == RequestTargetForm.Absolute ? "complete" : vector["result"]).ShouldBe("complete");
        else
            request.Bytes.IsEmpty.ShouldBeTrue();
    }

    private static HeadOutcome OutcomeWhereverCut(Vector vector, bool isResponse)
    {
        HeadOutcome? first = null;
        foreach (byte[][] pieces in Feeding.Of(vector.Bytes))
        {
            HeadOutcome outcome = HeadOutcome.OfPieces(pieces, isResponse);
            first ??= outcome;
            outcome.ShouldBe(first, Feeding.Describe(pieces));
        }

        string expected = vector["defect"] ?? vector["result"]!;
        string found = first!.Status == ParseStatus.Invalid ? first.Defect.ToString() : first.Status == ParseStatus.Complete ? "complete" : "incomplete";
        found.ShouldBe(expected);
        return first;
    }

    private static void ShouldHoldAll(Vector vector, Dictionary<string, string> found)
    {
        foreach ((string key, string value) in vector.Expected)
        {
            if (key is not "result")
                found[key].ShouldBe(value, key);
        }
    }

    private static Dictionary<string, string> Describe(in RequestHead request)
    {
        int fields = 0;
        foreach (FieldLine line in request.Fields)
        {
            request.Bytes.Slice(line.Offset, line.Line.Length).SequenceEqual(line.Line).ShouldBeTrue();
            fields++;
        }

        request.Bytes.Slice(request.Target.PathStart, request.Target.RawPath.Length).SequenceEqual(request.Target.RawPath).ShouldBeTrue();
        request.Bytes.Slice(request.Target.QueryStart, request.Target.RawQuery.Length).SequenceEqual(request.Target.RawQuery).ShouldBeTrue();
        request.Bytes.Slice(request.ContentTypeStart, request.ContentType.Length).SequenceEqual(request.ContentType).ShouldBeTrue();
        request.HasContentType.ShouldBe(request.ContentTypeCount > 0);
        request.ContentTypeCount.ShouldBe(request.Fields.Count("content-type"u8));
        return new Dictionary<string, string>
        {
            ["method"] = request.Method.ToString(),
            ["token"] = VectorReader.Escape(request.MethodToken),
            ["form"] = request.Target.Form.ToString(),
            ["path"] = VectorReader.Escape(request.Target.RawPath),
            ["query"] = request.Target.HasQuery ? VectorReader.Escape(request.Target.RawQuery) : "(none)",
            ["no-query"] = Text(!request.Target.HasQuery),
            ["version"] = request.IsHttp11 ? "1.1" : "1.0",
            ["fields"] = Text(fields),
            ["host"] = request.Fields.TryFind("HOST"u8, out ReadOnlySpan<byte> host) ? VectorReader.Escape(host) : "(none)",
            ["framing"] = Describe(request.Framing),
            ["keep-alive"] = Text(request.KeepAlive),
            ["upgrade"] = Text(request.HasUpgrade),
            ["connection-upgrade"] = Text(request.HasConnectionUpgrade),
            ["expects-continue"] = Text(request.ExpectsContinue),
            ["content-type"] = VectorReader.Escape(request.ContentType),
            ["content-type-count"] = Text(request.ContentTypeCount),
            ["content-encoding"] = Text(request.HasContentEncoding),
        };
    }

    private static Dictionary<string, string> Describe(in ResponseHead response)
    {
        int fields = 0;
        foreach (FieldLine _ in response.Fields)
            fields++;
        return new Dictionary<string, string>
        {
            ["status"] = Text(response.StatusCode),
            ["reason"] = VectorReader.Escape(response.ReasonPhrase),
            ["version"] = response.IsHttp11 ? "1.1" : "1.0",
            ["fields"] = Text(fields),
            ["keep-alive"] = Text(response.KeepAlive),
            ["upgrade"] = Text(response.HasUpgrade),
            ["content-type"] = VectorReader.Escape(response.ContentType),
        };
    }

    private static string Describe(BodyFraming framing) => framing.Kind switch
    {
        BodyFramingKind.None => "none",
        BodyFramingKind.Length => "length " + framing.Length.ToString(CultureInfo.InvariantCulture),
        BodyFramingKind.Chunked => "chunked",
        _ => "until-close",
    };

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(bool value) => value ? "true" : "false";
}
