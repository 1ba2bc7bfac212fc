using System.Text;

namespace SocketRelay.Host;

/// <summary>
/// The process's standard output for all that writes lines: each call is one whole piece, so that the lines of two threads never mix.
/// Calls block while the reader of a pipe does not read, so no loop thread calls this. A closed or broken output is no error:
/// what is written to it is lost, and the relay goes on.
/// </summary>
internal sealed class StandardOutput
{
    private readonly Lock _lock = new();
    private readonly Stream _stream;

    /// <summary>Writes to <paramref name="stream"/>.</summary>
    public StandardOutput(Stream stream) => _stream = stream;

    /// <summary>Writes all of <paramref name="bytes"/>, whole lines, in one piece.</summary>
    /// <returns>False where they are lost.</returns>
    public bool Write(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            try
            {
                _stream.Write(bytes);
                _stream.Flush();
                return true;
            }
            catch (IOException)
            {
                return false;
            }
        }
    }

    /// <summary>A text writer over this output, for the console logger: what it writes between two flushes goes out in one piece.</summary>
    public TextWriter AsTextWriter() => new LineTextWriter(this);

    // The console logger hands over a whole formatted entry in one Write call; char by char calls are collected until the line ends.
    private sealed class LineTextWriter(StandardOutput output) : TextWriter
    {
        private readonly StringBuilder _line = new();

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value)
        {
            _line.Append(value);
            if (value == '\n')
                Flush();
        }

        public override void Write(string? value)
        {
            _line.Append(value);
            if (value is not null && value.EndsWith('\n'))
                Flush();
        }

        public override void Flush()
        {
            if (_line.Length == 0)
                return;
            output.Write(Encoding.UTF8.GetBytes(_line.ToString()));
            _line.Clear();
        }
    }
}
