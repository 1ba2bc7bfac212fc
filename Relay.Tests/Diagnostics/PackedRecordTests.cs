using System.Text;
using SocketRelay.Diagnostics;
using SocketRelay.Exchange;
using SocketRelay.Policy;

namespace SocketRelay.Tests.Diagnostics;

/// <summary>Records go from the loop to the log's writer packed; whatever came before, the lines are those of each record alone.</summary>
[TestFixture]
internal sealed class PackedRecordTests
{
    private static readonly string[] Paths =
        ["", "/", "/info", "/v1.45/containers/json", "/v1.45/containers/jsom", "/v1.45/containers/a\"b\\c/json", "/" + new string('p', 200), "/" + new string('\n', 120), "/v1.4\n"];

    private static readonly string?[] Rules = [null, "CONTAINERS", "POST", new string('r', 80), "with \"quotes\""];
    private static readonly string?[] Reasons = [null, null, null, "Forbidden", "another \"reason\""];
    private static readonly string[] Methods = ["", "GET", "GET", "HEAD", "POST", "DELETE", "SEARCH"];

    [Test]
    public void LinesInARow_AreWrittenAsEachAlone([Values] LogFormat format, [Values] bool colour)
    {
        Records records = new(seed: 11, anyVerdict: true);
        Log log = new(format, colour);
        for (int i = 0; i < 100_000; i++)
        {
            AccessRecord record = records.Next();
            // Now and then there is no room: nothing is packed, and the next record of the kind is whole again.
            int room = records.Random.Next(10) == 0 ? records.Random.Next(600) : Log.Room;
            string expected = Alone(record, format, colour);
            if (!log.Pack(record, room))
                room.ShouldBeLessThan(Log.Room, $"record {i}");
            log.Expect(expected);
            if (records.Random.Next(5) == 0)
                log.Unpack($"up to record {i}");
        }
        log.Unpack("the last");
    }

    [Test]
    public void ManyOfFewCalls_AreWrittenAsEachAlone([Values] LogFormat format)
    {
        Records records = new(seed: 12, anyVerdict: false);
        Log log = new(format, colour: false);
        for (int batch = 0; batch < 50; batch++)
        {
            // More lines than one room for lines takes.
            for (int i = 0; i < 1000; i++)
            {
                AccessRecord record = records.Next();
                log.Pack(record, Log.Room).ShouldBeTrue();
                log.Expect(Alone(record, format, colour: false));
            }
            log.Unpack($"batch {batch}");
        }
    }

    [Test]
    public void CallThatComesAgain_TakesOneCacheLine([Values] LogFormat format)
    {
        RecordPacker packer = new(format, colour: false);
        AccessRecord record = AccessLogFormatterTests.Shown;
        byte[] buffer = new byte[Log.Room];
        int first = packer.Pack(record, buffer);
        int again = packer.Pack(record with { TotalMicroseconds = 7, BytesDown = 1 }, buffer);
        first.ShouldBeGreaterThan(again);
        again.ShouldBeLessThanOrEqualTo(64);
    }

    [Test]
    public void RoomForTheTextAlone_PacksNothingAndKnowsNothing([Values] LogFormat format)
    {
        AccessRecord record = AccessLogFormatterTests.Shown;
        byte[] buffer = new byte[Log.Room];
        int needed = new RecordPacker(format, colour: false).Pack(record, buffer);
        RecordPacker packer = new(format, colour: false);
        for (int room = 0; room < needed; room++)
            packer.Pack(record, buffer.AsSpan(0, room)).ShouldBe(0, $"{room} bytes");
        packer.Pack(record, buffer.AsSpan(0, needed)).ShouldBe(needed);
        Log log = new(format, colour: false);
        log.Take(buffer.AsSpan(0, needed));
        log.Expect(Alone(record, format, colour: false));
        log.Unpack("the only one");
    }

    [Test]
    public void PackingAndUnpacking_AllocateNothing([Values] LogFormat format)
    {
        RecordPacker packer = new(format, colour: false);
        RecordUnpacker unpacker = new(format);
        AccessRecord plain = AccessLogFormatterTests.Shown;
        AccessRecord refused = plain with { Verdict = AccessVerdict.Denied, Reason = "no" };
        byte[] packed = new byte[Log.Room], lines = new byte[Log.Room];
        unpacker.Unpack(packed.AsSpan(0, packer.Pack(plain, packed)), lines, out _).ShouldBeGreaterThan(0); // makes the call's place
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            int length = packer.Pack(i % 2 == 0 ? plain : refused, packed);
            unpacker.Unpack(packed.AsSpan(0, length), lines, out _);
        }
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static string Alone(in AccessRecord record, LogFormat format, bool colour)
    {
        byte[] line = new byte[AccessLogFormatter.MaxLineBytes];
        return Encoding.ASCII.GetString(line, 0, AccessLogFormatter.Format(record, format, colour, line));
    }

    /// <summary>A packer and its unpacker, and the lines that are to come of what was packed.</summary>
    private sealed class Log(LogFormat format, bool colour)
    {
        public const int Room = AccessLogFormatter.MaxLineBytes + 64;

        private readonly RecordPacker _packer = new(format, colour);
        private readonly RecordUnpacker _unpacker = new(format);
        private readonly List<byte> _packed = [];
        private readonly StringBuilder _expected = new();
        private readonly byte[] _buffer = new byte[Room];
        private readonly byte[] _lines = new byte[3 * AccessLogFormatter.MaxLineBytes];
        private bool _wasPacked = true;

        public bool Pack(in AccessRecord record, int room)
        {
            int length = _packer.Pack(record, _buffer.AsSpan(0, room));
            Take(_buffer.AsSpan(0, length));
            return _wasPacked = length > 0;
        }

        public void Take(ReadOnlySpan<byte> packed) => _packed.AddRange(packed);

        /// <summary>The line of the record that was packed last; nothing where there was no room for it.</summary>
        public void Expect(string line) => _expected.Append(_wasPacked ? line : "");

        public void Unpack(string upTo)
        {
            StringBuilder lines = new();
            ReadOnlySpan<byte> packed = _packed.ToArray();
            while (!packed.IsEmpty)
            {
                int taken = _unpacker.Unpack(packed, _lines, out int written);
                taken.ShouldBeGreaterThan(0);
                packed = packed[taken..];
                lines.Append(Encoding.ASCII.GetString(_lines, 0, written));
            }
            string[] came = lines.ToString().Split('\n'), expected = _expected.ToString().Split('\n');
            for (int i = 0; i < Math.Min(came.Length, expected.Length); i++)
            {
                if (came[i] != expected[i])
                    came[i].ShouldBe(expected[i], upTo);
            }
            came.Length.ShouldBe(expected.Length, upTo);
            _packed.Clear();
            _expected.Clear();
        }
    }

    private sealed class Records(int seed, bool anyVerdict)
    {
        private readonly Dictionary<(string Method, string Path), JudgedHead> _judged = [];

        public Random Random { get; } = new(seed);

        public AccessRecord Next()
        {
            (string Method, string Path) call = (Any(Methods), Any(Paths));
            if (!_judged.TryGetValue(call, out JudgedHead? head))
                _judged.Add(call, head = new JudgedHead([], default, rule: null, methodLength: 0));
            AccessRecord record = AccessLogFormatterTests.Shown with
            {
                Judged = Random.Next(2) == 0 ? head : null,
                StartedAtUnixMs = 1_767_225_600_000 + Random.Next(5_000),
                Client = Encoding.ASCII.GetBytes(Any(["127.0.0.1:1", "127.0.0.1:2", "[fe80::1%eth0]:65535", "odd \"\n\u007f"])),
                Method = Encoding.ASCII.GetBytes(call.Method),
                Path = Encoding.ASCII.GetBytes(call.Path),
                Rule = Any(Rules),
                Status = Any([0, 200, 200, 204, 403]),
                BytesUp = Random.Next(98, 101),
                BytesDown = Any([0, 9, 10, 99, 100, 999, 1000, 9999, 10_000, 123_456_789]),
                EngineMicroseconds = Random.Next(-1, 300),
                TotalMicroseconds = Random.Next(-1, 3000),
            };
            return !anyVerdict ? record : record with
            {
                Client = Random.Next(20) == 0 ? Encoding.ASCII.GetBytes(new string('c', Random.Next(130))) : record.Client,
                Reason = Any(Reasons),
                Verdict = Random.Next(2) == 0 ? AccessVerdict.Allowed : Any(Enum.GetValues<AccessVerdict>()),
                End = Any([default, default, default, new EndCode(EndParty.Downstream, EndPhase.Data), new EndCode(EndParty.None, EndPhase.Data)]),
                IsStart = Random.Next(8) == 0,
                IsTunnel = Random.Next(8) == 0,
            };
        }

        private T Any<T>(T[] of) => of[Random.Next(of.Length)];
    }
}
