using System.Net;
using System.Net.Sockets;
using System.Text;
using SocketRelay.Policy;
using SocketRelay.Tests.Policy;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Conformance;

/// <summary>
/// The same as TecnativaTests through the running program and its sockets, for a sample: the environment is read, the head parsed, the
/// call refused or forwarded. The guard is off, as the reference has none.
/// </summary>
[Category("Conformance")]
[NonParallelizable]
internal sealed class TecnativaRelayTests
{
    [OneTimeSetUp]
    public void NeedHaproxy() => TecnativaTests.NeedHaproxy();

    [TestCase("CONTAINERS=1 BUILD=1 POST=1 IMAGES=1 NETWORKS=1 VOLUMES=1 EXEC=1 ALLOW_START=1 ALLOW_STOP=1 SERVICES=0 SWARM=0")]
    [TestCase("POST=1 ALLOW_START=1 ALLOW_STOP=1 ALLOW_RESTARTS=1 INFO=true VERSION=0 NODES=2")]
    [TestCase("")]
    public void Program_DecidesAsTheReference(string variables)
    {
        (string Name, string Value)[] environment =
        [
            .. variables.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(variable => variable.Split('='))
                .Select(pair => (pair[0], pair[1])),
        ];
        Dictionary<string, bool> settings = new(ReferenceModel.Defaults);
        foreach ((string name, string value) in environment)
            settings[name] = char.IsAsciiDigit(value[0]) && value[0] != '0';

        using var haproxy = new ReferenceHaproxy(settings, []);
        using var daemon = new RecordingDaemon();
        using RelayProcess relay = RelayProcess.StartRelay(daemon.SocketPath, [("GUARD", "0"), .. environment]);
        List<string> differences = [];
        foreach (Route route in RouteTable.Routes)
        {
            foreach (string prefix in (string[])["", "/v1.41"])
            {
                string path = prefix + route.SamplePath;
                int status = Status(relay.Port, route.Method, path);
                int reference = haproxy.DecideByEnvironment(route.Method, path);
                if (status != reference)
                    differences.Add($"{route.Method} {path}: {status} here, {reference} at HAProxy");
            }
        }

        int allowed = 0;
        foreach ((string method, string path) in OddPaths.Generate(seed: 99, count: 150).Distinct())
        {
            int status = Status(relay.Port, method, path);
            allowed += status == 200 ? 1 : 0;
            if (status == 200 && haproxy.DecideByEnvironment(method, path) != 200)
                differences.Add($"{method} {path}: wider than HAProxy");
            if (status is not (200 or 301 or 400 or 403))
                differences.Add($"{method} {path}: {status}");
        }

        differences.ShouldBeEmpty();
        TestContext.Out.WriteLine($"{RouteTable.Routes.Count * 2} operations equal, {allowed} odd paths allowed by both");
    }

    private static int Status(int port, string method, string path)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 10_000 };
        socket.Connect(IPAddress.Loopback, port);
        socket.Send(Encoding.Latin1.GetBytes($"{method} {path} HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n"));
        byte[] answer = new byte[64];
        int length = 0;
        while (length < 12)
        {
            int more = socket.Receive(answer, length, answer.Length - length, SocketFlags.None);
            if (more == 0)
                return 0;
            length += more;
        }

        return int.Parse(Encoding.ASCII.GetString(answer, 9, 3), null);
    }
}
