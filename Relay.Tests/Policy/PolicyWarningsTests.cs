using SocketRelay.Policy;

namespace SocketRelay.Tests.Policy;

/// <summary>What the start says about variables that do not do what they seem to.</summary>
internal sealed class PolicyWarningsTests
{
    [TestCase("CONTAINERS=true", "CONTAINERS=true is off: only a number other than zero turns a switch on, as in the reference; use 1")]
    [TestCase("POST=yes", "POST=yes is off: only a number other than zero turns a switch on, as in the reference; use 1")]
    [TestCase("EVENTS=on", "EVENTS=on is off: only a number other than zero turns a switch on, as in the reference; use 1")]
    [TestCase("INFO=\"1\"", "INFO=\"1\" is off: only a number other than zero turns a switch on, as in the reference; use 1")]
    [TestCase("INFO= 1", "INFO= 1 is off: only a number other than zero turns a switch on, as in the reference; use 1")]
    [TestCase("INFO=a\nb", "INFO=a\\nb is off: only a number other than zero turns a switch on, as in the reference; use 1")]
    [TestCase("CONTAINER=1", "CONTAINER does nothing: no variable has this name; CONTAINERS was probably meant")]
    [TestCase("ALLOW_STARTS=1", "ALLOW_STARTS does nothing: no variable has this name; ALLOW_START was probably meant")]
    [TestCase("CONTIANERS=1", "CONTIANERS does nothing: no variable has this name; CONTAINERS was probably meant")]
    [TestCase("containers=1", "containers does nothing: no variable has this name; CONTAINERS was probably meant")]
    [TestCase("IMAGE=1", "IMAGE does nothing: no variable has this name; IMAGES was probably meant")]
    [TestCase("ALLOW_BIND_MOUNT=/srv", "ALLOW_BIND_MOUNT does nothing: no variable has this name; ALLOW_BIND_MOUNTS was probably meant")]
    [TestCase("BIND_CONFG=:1", "BIND_CONFG does nothing: no variable has this name; BIND_CONFIG was probably meant")]
    [TestCase("DELETE=1", "DELETE does nothing: it belongs to tecnativa-next, and the dialect here is tecnativa, where POST and the sections decide what it would; take it out")]
    [TestCase("ALLOW_KILL=1", "ALLOW_KILL does nothing: it belongs to tecnativa-next, and the dialect here is tecnativa, where POST and the sections decide what it would; take it out")]
    [TestCase("ALLOW_PAUSE=1", "ALLOW_PAUSE does nothing: it belongs to tecnativa-next and linuxserver, and the dialect here is tecnativa, where POST and the sections decide what it would; take it out")]
    [TestCase("ALLOW_TOP=1", "ALLOW_TOP does nothing: it belongs to linuxserver, and the dialect here is tecnativa, where POST and the sections decide what it would; take it out")]
    [TestCase("LIBPOD_PODS=1", "LIBPOD_PODS does nothing: it belongs to linuxserver, and the dialect here is tecnativa, where POST and the sections decide what it would; take it out")]
    [TestCase("PING=", "PING= is off: an empty value turns a switch off that is on where it is left out, as in the reference; use 1, or 0 to mean it")]
    [TestCase("VERSION= ", "VERSION=  is off: an empty value turns a switch off that is on where it is left out, as in the reference; use 1, or 0 to mean it")]
    [TestCase("EVENTS=", "EVENTS= is off: an empty value turns a switch off that is on where it is left out, as in the reference; use 1, or 0 to mean it")]
    [TestCase("PROXY_READ_TIMEOUT=240", "PROXY_READ_TIMEOUT does nothing: it belongs to linuxserver, and no time limit cuts a stream here; take it out")]
    [TestCase("SP_LISTENIP=0.0.0.0", "SP_LISTENIP does nothing: it belongs to wollomatic/socket-proxy; use BIND_CONFIG here")]
    [TestCase("SP_PROXYPORT=2375", "SP_PROXYPORT does nothing: it belongs to wollomatic/socket-proxy; use BIND_CONFIG here")]
    [TestCase("SP_ALLOW_GET=/v1", "SP_ALLOW_GET does nothing: it belongs to wollomatic/socket-proxy; use POST and the sections here")]
    [TestCase("SP_ALLOWBINDMOUNTFROM=/srv", "SP_ALLOWBINDMOUNTFROM does nothing: it belongs to wollomatic/socket-proxy; use ALLOW_BIND_MOUNTS here")]
    [TestCase("SP_WATCHDOGINTERVAL=60", "SP_WATCHDOGINTERVAL does nothing: it belongs to wollomatic/socket-proxy, and there is nothing like it here; take it out")]
    [TestCase("SOCKET_PROXY_DOCKER_SOCKET=/s", "SOCKET_PROXY_DOCKER_SOCKET does nothing: it belongs to 11notes/socket-proxy; use SOCKET_PATH here")]
    [TestCase("SOCKGUARD_LOG_LEVEL=warn", "SOCKGUARD_LOG_LEVEL does nothing: it belongs to sockguard; use LOG_LEVEL here")]
    [TestCase("SOCKGUARD_CONFIG_FILE=/c", "SOCKGUARD_CONFIG_FILE does nothing: it belongs to sockguard, and there is nothing like it here; take it out")]
    [TestCase("POST=1", "POST=1 opens nothing: no section with writes is on")]
    [TestCase("POST=2", "POST=2 opens nothing: no section with writes is on")]
    [TestCase("BUILD=+1", "BUILD=+1 opens nothing: it takes POST=1 as well")]
    [TestCase("ALLOW_SWARM=1", "ALLOW_SWARM does nothing: no variable has this name; SWARM was probably meant")]
    [TestCase("ALLOW_IMAGE=1", "ALLOW_IMAGE does nothing: no variable has this name; IMAGES was probably meant")]
    [TestCase("ALLOW_MOUNTS=1", "ALLOW_MOUNTS does nothing: no variable has this name; ALLOW_BIND_MOUNTS was probably meant")]
    [TestCase("ALLOW_DELETE=1", "ALLOW_DELETE does nothing: no variable has this name")]
    [TestCase("ALLOW_ALL=1", "ALLOW_ALL does nothing: no variable has this name")]
    [TestCase("ALLOW_=1", "ALLOW_ does nothing: no variable has this name")]
    [TestCase("ALLOW_START=1", "ALLOW_START=1 opens nothing: it takes POST=1 as well")]
    [TestCase("BUILD=1", "BUILD=1 opens nothing: it takes POST=1 as well")]
    [TestCase("SESSION=1", "SESSION=1 opens nothing: it takes POST=1 as well")]
    public void Variable_GetsItsLine(string variable, string warning) => Warnings(variable).ShouldBe([warning]);

    [TestCase("CONTAINERS=1")]
    [TestCase("CONTAINERS=0")]
    [TestCase("CONTAINERS=")]
    [TestCase("CONTAINERS=false")]
    [TestCase("EVENTS=no")]
    [TestCase("IMAGES=2")]
    [TestCase("SWARM=00")]
    [TestCase("LOG_LEVEL=info")]
    [TestCase("SOCKET_PATH=/run/docker.sock")]
    [TestCase("ALLOW_BIND_MOUNTS=/srv")]
    [TestCase("PING=0")]
    [TestCase("SOCKET_PROXY_SERVICE_HOST=10.0.0.1")]
    [TestCase("SOCKET_PROXY_PORT=tcp://10.0.0.1:2375")]
    [TestCase("SOCKET_PROXY_PORT_2375_TCP_ADDR=10.0.0.1")]
    [TestCase("HOST=web")]
    [TestCase("PORT=80")]
    [TestCase("HOSTNAME=web")]
    [TestCase("PATH=/bin")]
    [TestCase("DOCKER_HOST=tcp://x")]
    public void Variable_GetsNoLine(string variable) => Warnings(variable).ShouldBeEmpty();

    [Test]
    public void SwitchThatAnotherCovers_IsNotInVain() =>
        Warnings("CONTAINERS=1", "POST=1", "ALLOW_START=1", "ALLOW_STOP=1", "IMAGES=1", "EXEC=1").ShouldBeEmpty();

    [Test]
    public void AllowLineWithPost_IsNotInVain() => Warnings("POST=1", "ALLOW_RESTARTS=1").ShouldBeEmpty();

    [Test]
    public void SeveralThings_AreAllSaid() =>
        Warnings("CONTAINERS=true", "ALLOW_STOP=1", "DELETE=1", "VOLUME=1").Count.ShouldBe(4);

    private static IReadOnlyList<string> Warnings(params string[] variables)
    {
        Dictionary<string, string> environment = variables.Select(variable => variable.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        return PolicyWarnings.Of(TecnativaSwitches.Read(environment.GetValueOrDefault), environment, ["ALLOW_BIND_MOUNTS", "BIND_MOUNTS"]);
    }
}
