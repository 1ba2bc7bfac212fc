using System.ComponentModel;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using SocketRelay.Tests.Policy;

namespace SocketRelay.Tests.Conformance;

/// <summary>
/// HAProxy itself under the reference's rules, answering for any settings: every <c>env(NAME) -m bool</c> of the rules is asked of a field
/// of the request (<c>X-On: ,POST,CONTAINERS,</c>), so that one process serves all of them. Beside it stand a frontend whose rules do ask
/// the environment, and one that says of given values whether they are on. What passes is answered 200 by HAProxy, without an engine.
/// </summary>
internal sealed class ReferenceHaproxy : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("socketrelay-conformance-").FullName;
    private readonly Process _process;

    /// <summary>Starts HAProxy and waits until it answers.</summary>
    /// <param name="environment">The switches of the frontend that asks the environment.</param>
    /// <param name="values">Values to be read as switches.</param>
    public ReferenceHaproxy(IReadOnlyDictionary<string, bool> environment, IReadOnlyList<string> values)
    {
        string file = Path.Combine(_folder, "haproxy.cfg");
        File.WriteAllText(file, Configuration(values.Count));
        var start = new ProcessStartInfo(Program, ["-db", "-f", file]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, bool isOn) in environment)
            start.Environment[name] = isOn ? "1" : "0";
        for (int i = 0; i < values.Count; i++)
            start.Environment[$"VALUE_{i}"] = values[i];

        var told = new StringBuilder();
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => told.AppendLine(line.Data);
        _process.ErrorDataReceived += (_, line) => told.AppendLine(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        for (int i = 0; i < 500 && !Answers(); i++)
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"{Program} ended: {told}");
            Thread.Sleep(20);
        }
    }

    /// <summary>The program: HAPROXY, else <c>haproxy</c> on PATH.</summary>
    public static string Program => Environment.GetEnvironmentVariable("HAPROXY") is { Length: > 0 } named ? named : "haproxy";

    /// <summary>Whether the program can be run here.</summary>
    public static bool IsInstalled
    {
        get
        {
            try
            {
                using var process = Process.Start(new ProcessStartInfo(Program, ["-v"]) { RedirectStandardOutput = true });
                process!.StandardOutput.ReadToEnd();
                process.WaitForExit();
                return process.ExitCode == 0;
            }
            catch (Win32Exception)
            {
                return false;
            }
        }
    }

    /// <summary>The status that HAProxy answers with under these settings: 200, 403, or 400 where it cannot read the request.</summary>
    public int Decide(IReadOnlyDictionary<string, bool> settings, string method, string path) =>
        Status("switches", method, path, $"X-On: ,{string.Join(',', settings.Where(pair => pair.Value).Select(pair => pair.Key))},\r\n");

    /// <summary>The status under the switches that are in its environment.</summary>
    public int DecideByEnvironment(string method, string path) => Status("environment", method, path, "");

    /// <summary>Whether HAProxy takes the value with this index for on.</summary>
    public bool IsOn(int value) => Status("values", "GET", $"/{value}", "") == 200;

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private bool Answers()
    {
        try
        {
            return Status("values", "GET", "/", "") == 403;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private int Status(string frontend, string method, string path, string field)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(Path.Combine(_folder, frontend + ".sock")));
        socket.ReceiveTimeout = 10_000;
        socket.Send(Encoding.Latin1.GetBytes($"{method} {path} HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n{field}\r\n"));
        byte[] answer = new byte[64];
        int length = 0;
        while (length < 12)
        {
            int more = socket.Receive(answer, length, answer.Length - length, SocketFlags.None);
            if (more == 0)
                throw new InvalidOperationException($"no answer to {method} {path}");
            length += more;
        }

        return int.Parse(Encoding.ASCII.GetString(answer, 9, 3), null);
    }

    private string Configuration(int values)
    {
        var text = new StringBuilder(
            """
            global
                maxconn 500
            defaults
                mode http
                maxconn 500
                timeout http-request 10s
                timeout connect 10s
                timeout client 10s
                timeout server 10s
            backend passed
                http-request return status 200

            """);
        AppendFrontend("switches", name => $$"""{ req.fhdr(x-on) -m sub ,{{name}}, }""");
        AppendFrontend("environment", name => $$"""{ env({{name}}) -m bool }""");
        text.Append($"frontend values\n    bind unix@{_folder}/values.sock\n");
        for (int i = 0; i < values; i++)
            text.Append($$"""    http-request return status 200 if { path /{{i}} } { env(VALUE_{{i}}) -m bool }""").Append('\n');
        return text.Append("    http-request deny\n").ToString();

        void AppendFrontend(string name, Func<string, string> isOn)
        {
            text.Append($"frontend {name}\n    bind unix@{_folder}/{name}.sock\n    http-request deny unless METH_GET || {isOn("POST")}\n");
            foreach ((string pattern, string @switch) in ReferenceModel.Lines)
            {
                string path = $$"""{ path,url_dec -m reg -i ^(/v[\d\.]+)?{{pattern}} }""";
                text.Append($"    http-request allow if {path} {isOn(@switch)}\n");
            }

            text.Append("    http-request deny\n    default_backend passed\n");
        }
    }
}
