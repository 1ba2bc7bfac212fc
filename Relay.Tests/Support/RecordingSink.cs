using System.Text;
using SocketRelay.Diagnostics;

namespace SocketRelay.Tests.Support;

/// <summary>Keeps every access record, with method and path as text.</summary>
internal sealed class RecordingSink : IAccessSink
{
    public List<(AccessRecord Record, string Method, string Path)> Records { get; } = [];

    public bool Wants(AccessVerdict verdict) => true;

    public void Write(in AccessRecord record) =>
        Records.Add((record, Encoding.Latin1.GetString(record.Method.Span), Encoding.Latin1.GetString(record.Path.Span)));
}
