namespace SocketRelay.Benchmarks.Load;

/// <summary>
/// Reads the chunked transfer coding (RFC 9112 7.1) piece by piece: chunk sizes, data, extensions (skipped) and the trailer section.
/// Independent of the relay's decoder, so that the harness judges what the relay sends.
/// </summary>
internal struct ChunkReader
{
    private enum Step : byte { Size, Extension, Data, DataEnd, Trailer }

    private const int SizeDigits = 15;

    private Step _step;
    private long _left;
    private int _digits;
    private int _lineBytes;

    /// <summary>True once the last chunk and the trailer section are read.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>True once the bytes broke the coding.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Takes bytes up to the end of one run of data or of the whole body.</summary>
    /// <param name="bytes">What came; not empty.</param>
    /// <param name="data">The run of chunk data in it, possibly empty.</param>
    /// <returns>The bytes consumed, framing included.</returns>
    public int Take(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> data)
    {
        data = default;
        int at = 0;
        while (at < bytes.Length && !IsComplete && !IsBroken)
        {
            if (_step == Step.Data)
            {
                int count = (int)Math.Min(_left, bytes.Length - at);
                data = bytes.Slice(at, count);
                _left -= count;
                if (_left == 0)
                    _step = Step.DataEnd;
                return at + count;
            }
            TakeFraming(bytes[at++]);
        }
        return at;
    }

    private void TakeFraming(byte value)
    {
        switch (_step)
        {
            case Step.Size when HexValue(value) is int digit and >= 0 && _digits < SizeDigits:
                _left = (_left << 4) | (uint)digit;
                _digits++;
                break;
            case Step.Size when _digits > 0 && value is (byte)';' or (byte)'\r':
                _step = Step.Extension;
                break;
            case Step.Extension when value == '\n':
                _digits = 0;
                _lineBytes = 0;
                _step = _left == 0 ? Step.Trailer : Step.Data;
                break;
            case Step.Extension:
                break;
            case Step.DataEnd when value == '\r':
                break;
            case Step.DataEnd when value == '\n':
                _step = Step.Size;
                break;
            case Step.Trailer when value == '\n':
                IsComplete = _lineBytes == 0;
                _lineBytes = 0;
                break;
            case Step.Trailer when value == '\r':
                break;
            case Step.Trailer:
                _lineBytes++;
                break;
            default:
                IsBroken = true;
                break;
        }
    }

    private static int HexValue(byte value) => value switch
    {
        >= (byte)'0' and <= (byte)'9' => value - '0',
        >= (byte)'a' and <= (byte)'f' => value - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => value - 'A' + 10,
        _ => -1,
    };
}
