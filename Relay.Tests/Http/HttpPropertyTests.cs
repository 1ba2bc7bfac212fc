using System.Buffers;
using System.Globalization;
using System.Text;
using CsCheck;
using SocketRelay.Http;

namespace SocketRelay.Tests.Http;

/// <summary>What holds for any bytes: a failure prints the seed to run it again with.</summary>
[TestFixture]
internal sealed class HttpPropertyTests
{
    private const int Samples = 3000;

    // Bytes that mean something to HTTP, often, and any byte, seldom: noise alone never gets past the first line.
    private static readonly Gen<byte[]> Shard = Gen.Frequency(
        (20, Gen.OneOf(
            "GET "u8.ToArray(), "/x"u8.ToArray(), " HTTP/1.1\r\n"u8.ToArray(), " HTTP/1.0\r\n"u8.ToArray(), "Host: x\r\n"u8.ToArray(), "\r\n"u8.ToArray(),
            "Content-Length: "u8.ToArray(), "Transfer-Encoding: chunked\r\n"u8.ToArray(), "Connection: close, "u8.ToArray(), "5"u8.ToArray(), "0"u8.ToArray(),
            ": "u8.ToArray(), "HTTP/1.1 200 OK\r\n"u8.ToArray(), ";a=\""u8.ToArray(), "\""u8.ToArray(), "5\r\nhello\r\n"u8.ToArray(), "0\r\n"u8.ToArray(),
            "X-A: b\r\n"u8.ToArray(), "\r"u8.ToArray(), "\n"u8.ToArray(), " "u8.ToArray(), "\t"u8.ToArray())),
        (3, Gen.Byte.Array[0, 6]));

    private static readonly Gen<byte[]> AnyBytes = Shard.Array[0, 20].Select(parts => parts.SelectMany(part => part).ToArray());

    private static readonly Gen<string> Token = Gen.String[Gen.Char["!#$%&'*+-.^_`|~09azAZGet"], 1, 12];
    private static readonly Gen<string> FieldName = Token.Select(name => "X-" + name);
    private static readonly Gen<string> FieldValue = Gen.String[Gen.Char[" \t!,;:=\"()azAZ09\u00E9\u00FF"], 0, 30].Select(value => value.Trim(' ', '\t'));
    private static readonly Gen<string> Path = Gen.String[Gen.Char["/%2Fab.:-_~{}\"\\"], 0, 30].Select(path => "/" + path);
    private static readonly Gen<string> Query = Gen.String[Gen.Char["?&=%/ab12"], 0, 30];

    [Test]
    public void AnyBytes_AreARequestOrIncompleteOrADefect_WhereverTheyAreCut() =>
        Gen.Select(AnyBytes, Gen.Int[1, 7]).Sample((bytes, size) => AreOneOutcome(bytes, size, isResponse: false), iter: Samples);

    [Test]
    public void AnyBytes_AreAnAnswerOrIncompleteOrADefect_WhereverTheyAreCut() =>
        Gen.Select(AnyBytes, Gen.Int[1, 7]).Sample((bytes, size) => AreOneOutcome(bytes, size, isResponse: true), iter: Samples);

    [Test]
    public void AnyBytes_GivenToTheParsersAtOnce_GiveAHeadOrADefect() => AnyBytes.Sample(
        bytes =>
        {
            if (HeadParser.TryParseRequest(bytes, HeadLimits.Default, out RequestHead request) == MessageDefect.None)
                bytes.AsSpan().EndsWith("\r\n\r\n"u8).ShouldBeTrue();
            else
                request.Bytes.IsEmpty.ShouldBeTrue();
            if (HeadParser.TryParseResponse(bytes, HeadLimits.Default, out ResponseHead response) == MessageDefect.None)
                response.StatusCode.ShouldBeInRange(100, 599);
        },
        iter: Samples);

    [Test]
    public void AnyBytes_AreChunksOrIncompleteOrADefect_WhereverTheyAreCut() =>
        Gen.Select(AnyBytes, Gen.Int[1, 7]).Sample(
            (bytes, size) =>
            {
                ChunkedOutcome whole = ChunkedOutcome.OfPieces([bytes]);
                ChunkedOutcome.OfPieces([.. bytes.Chunk(size)]).ShouldBe(whole);
                whole.Consumed.ShouldBeLessThanOrEqualTo(bytes.Length);
                if (whole.Status == ParseStatus.Incomplete)
                    whole.Consumed.ShouldBe(bytes.Length);
            },
            iter: Samples);

    [Test]
    public void WrittenRequest_IsReadAsItWasMeant() =>
        Gen.Select(Token, Path, Query.Null(), Gen.Select(FieldName, FieldValue).Array[0, 8], Gen.Long[0, long.MaxValue]).Sample(
            (method, path, query, fields, length) =>
            {
                if (method is "PRI" or "CONNECT")
                    return;
                string target = query is null ? path : path + "?" + query;
                string text = $"{method} {target} HTTP/1.1\r\nHost: h\r\n"
                    + string.Concat(fields.Select(field => $"{field.Item1}: {field.Item2}\r\n"))
                    + string.Create(CultureInfo.InvariantCulture, $"Content-Length: {length}\r\n\r\n");
                byte[] bytes = Encoding.Latin1.GetBytes(text);

                HeadParser.TryParseRequest(bytes, HeadLimits.Default, out RequestHead request).ShouldBe(MessageDefect.None);
                Encoding.Latin1.GetString(request.MethodToken).ShouldBe(method);
                Encoding.Latin1.GetString(request.Target.RawPath).ShouldBe(path);
                request.Target.HasQuery.ShouldBe(query is not null);
                Encoding.Latin1.GetString(request.Target.RawQuery).ShouldBe(query ?? "");
                request.Framing.ShouldBe(BodyFraming.OfLength(length));

                List<(string, string)> read = [];
                foreach (FieldLine line in request.Fields)
                    read.Add((Encoding.Latin1.GetString(line.Name), Encoding.Latin1.GetString(line.Value)));
                read[1..^1].ShouldBe(fields.Select(field => (field.Item1, field.Item2)));
            },
            iter: Samples);

    [Test]
    public void RewrittenHead_DiffersInWhatWasAskedForAlone() =>
        Gen.Select(Path, Gen.Select(FieldName, FieldValue).Array[0, 8], Gen.Long[0, long.MaxValue], Gen.Bool, Gen.Int[0, 8]).Sample(
            (path, fields, length, isChunked, place) =>
            {
                List<string> lines = [.. fields.Select(field => $"{field.Item1}: {field.Item2}\r\n")];
                string Join(string start, string framing) =>
                    start + string.Concat(lines[..Math.Min(place, lines.Count)]) + framing + string.Concat(lines[Math.Min(place, lines.Count)..]) + "\r\n";
                string before = Join($"POST {path} HTTP/1.1\r\nHost: h\r\n", isChunked ? "Transfer-Encoding: chunked\r\n" : "Content-Length: 4\r\n");
                string after = Join("POST /id HTTP/1.1\r\nHost: h\r\n", string.Create(CultureInfo.InvariantCulture, $"Content-Length: {length}\r\n"));

                ArrayBufferWriter<byte> output = new();
                HeadWriter.Write(output, Encoding.Latin1.GetBytes(before), (5, path.Length), "/id"u8, length);
                Encoding.Latin1.GetString(output.WrittenSpan).ShouldBe(after);
            },
            iter: Samples);

    [Test]
    public void ChunksOfAnySplit_AreTheBodyAgain() =>
        Gen.Select(Gen.Byte.Array[0, 40].Array[0, 6], Gen.Int[1, 9], Gen.Byte.Array[0, 5]).Sample(
            (chunks, size, behind) =>
            {
                List<byte> coded = [];
                foreach (byte[] chunk in chunks.Where(chunk => chunk.Length > 0))
                {
                    coded.AddRange(Encoding.ASCII.GetBytes(chunk.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"));
                    coded.AddRange(chunk);
                    coded.AddRange("\r\n"u8);
                }

                coded.AddRange("0\r\n\r\n"u8);
                int length = coded.Count;
                coded.AddRange(behind);
                ChunkedOutcome outcome = ChunkedOutcome.OfPieces([.. coded.Chunk(size)]);
                outcome.ShouldBe(new ChunkedOutcome(ParseStatus.Complete, MessageDefect.None, Convert.ToHexString([.. chunks.SelectMany(chunk => chunk)]), length));
            },
            iter: Samples);

    private static void AreOneOutcome(byte[] bytes, int size, bool isResponse)
    {
        HeadOutcome whole = HeadOutcome.OfPieces([bytes], isResponse);
        HeadOutcome.OfPieces([.. bytes.Chunk(size)], isResponse).ShouldBe(whole);
        whole.HeadLength.ShouldBeLessThanOrEqualTo(bytes.Length);
        if (whole.Status == ParseStatus.Complete)
            Encoding.Latin1.GetString(bytes, 0, whole.HeadLength).Replace("\r\n", isResponse ? "\r\n" : "\n", StringComparison.Ordinal)
                .ShouldEndWith(isResponse ? "\r\n\r\n" : "\n\n");
    }
}
