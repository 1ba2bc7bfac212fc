using System.Globalization;
using System.Text;

namespace SocketRelay.Diagnostics;

/// <summary>
/// The metrics as text: Prometheus' exposition format 0.0.4, or OpenMetrics 1.0, which names counter families without <c>_total</c> and ends
/// with <c># EOF</c>. Names and labels are a promise (docs/monitoring.md).
/// </summary>
internal sealed class MetricsText
{
    /// <summary>The media type of the exposition format.</summary>
    public const string PrometheusType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>The media type of OpenMetrics.</summary>
    public const string OpenMetricsType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private readonly StringBuilder _text = new();
    private readonly bool _isOpenMetrics;

    private MetricsText(bool isOpenMetrics) => _isOpenMetrics = isOpenMetrics;

    /// <summary>Renders everything. Loop thread; some 10 KiB.</summary>
    public static string Render(RelayMetrics metrics, ProcessFacts process, bool isOpenMetrics)
    {
        MetricsText text = new(isOpenMetrics);
        text.RenderExchanges(metrics);
        text.RenderConnections(metrics, process);
        text.RenderProcess(process);
        if (isOpenMetrics)
            text._text.Append("# EOF\n");
        return text._text.ToString();
    }

    private void RenderExchanges(RelayMetrics metrics)
    {
        Counter("socketrelay_requests", "Exchanges that ended, by verdict, section of the API, method and class of the status.");
        foreach ((string verdict, string section, string method, string code, long count) in metrics.Requests().Order())
            Sample("socketrelay_requests_total", $"verdict=\"{verdict}\",section=\"{section}\",method=\"{method}\",code=\"{code}\"", count);
        Counter("socketrelay_refusals", "Refused exchanges by the rule or guard variable that decided.");
        foreach ((string rule, long count) in metrics.Refusals.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
            Sample("socketrelay_refusals_total", $"rule=\"{Escaped(rule)}\"", count);
        Counter("socketrelay_defects", "Requests that are not HTTP as the relay reads it, by kind.");
        foreach ((string kind, long count) in metrics.Defects.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
            Sample("socketrelay_defects_total", $"kind=\"{Escaped(kind)}\"", count);
        Counter("socketrelay_failures", "Exchanges that did not end normally, by who ended them and in which phase.");
        foreach ((string party, string phase, long count) in metrics.Failures())
            Sample("socketrelay_failures_total", $"party=\"{party}\",phase=\"{phase}\"", count);
        Histogram("socketrelay_own_duration_seconds", "From a request's head to its sending: what the relay itself took.", metrics.OwnTime);
        Histogram("socketrelay_engine_duration_seconds", "From a request's head to the engine's.", metrics.EngineTime);
        Histogram("socketrelay_request_duration_seconds", "From a request's head to the end of its answer, streams left out.", metrics.TotalTime);
        Counter("socketrelay_bytes", "Bytes relayed, heads and bodies: up is to the engine, down to the clients.");
        Sample("socketrelay_bytes_total", "direction=\"up\"", metrics.BytesUp);
        Sample("socketrelay_bytes_total", "direction=\"down\"", metrics.BytesDown);
    }

    private void RenderConnections(RelayMetrics metrics, ProcessFacts process)
    {
        Counter("socketrelay_connections", "Client connections accepted.");
        Sample("socketrelay_connections_total", "", metrics.ConnectionsAccepted);
        Gauge("socketrelay_connections_open", "Client connections open now.", process.ConnectionsOpen);
        Gauge("socketrelay_streams_open", "Streams (events, logs, stats and their kin) open now.", metrics.StreamsOpen);
        Gauge("socketrelay_tunnels_open", "Tunnels (attach, exec and their kin) open now.", metrics.TunnelsOpen);
        Gauge("socketrelay_engine_up", "1 where the engine answered when it was last asked.", metrics.IsEngineUp == true ? 1 : 0);
        Counter("socketrelay_log_lines_dropped", "Access lines dropped because standard output did not take them.");
        Sample("socketrelay_log_lines_dropped_total", "", process.LogLinesDropped);
    }

    private void RenderProcess(ProcessFacts process)
    {
        Family("socketrelay_build_info", "gauge", "What runs.");
        Sample("socketrelay_build_info", $"version=\"{Escaped(process.Version)}\",dialect=\"{Escaped(process.Dialect)}\"", 1);
        Counter("process_cpu_seconds", "Processor time used.");
        Sample("process_cpu_seconds_total", "", process.CpuSeconds);
        Gauge("process_resident_memory_bytes", "Resident memory.", process.ResidentBytes);
        Gauge("process_open_fds", "Descriptors open now.", process.OpenDescriptors);
        Gauge("process_start_time_seconds", "When the process started, Unix time.", process.StartedAt);
    }

    private void Counter(string family, string help) => Family(_isOpenMetrics ? family : family + "_total", "counter", help);

    private void Gauge(string name, string help, double value)
    {
        Family(name, "gauge", help);
        Sample(name, "", value);
    }

    private void Histogram(string name, string help, DurationHistogram histogram)
    {
        Family(name, "histogram", help);
        long count = 0;
        for (int i = 0; i < histogram.Counts.Length; i++)
        {
            count += histogram.Counts[i];
            string bound = i < DurationHistogram.Bounds.Count ? DurationHistogram.Bounds[i] : "+Inf";
            Sample(name + "_bucket", $"le=\"{bound}\"", count);
        }
        Sample(name + "_sum", "", histogram.SumMicroseconds / 1e6);
        Sample(name + "_count", "", count);
    }

    private void Family(string name, string type, string help) =>
        _text.Append("# HELP ").Append(name).Append(' ').Append(help).Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    private void Sample(string name, string labels, double value)
    {
        _text.Append(name);
        if (labels.Length > 0)
            _text.Append('{').Append(labels).Append('}');
        _text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    private static string Escaped(string value) => value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n");
}
