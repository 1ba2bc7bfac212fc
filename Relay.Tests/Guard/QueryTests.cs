using SocketRelay.Guard;
using SocketRelay.Policy;

namespace SocketRelay.Tests.Guard;

[TestFixture]
internal sealed class QueryTests
{
    [TestCase(GuardKind.Build, "networkmode=host", "networkmode needs ALLOW_HOST_NAMESPACES=1", "ALLOW_HOST_NAMESPACES=1")]
    [TestCase(GuardKind.Build, "t=x&networkmode=bridge&networkmode=host", "networkmode needs", "ALLOW_HOST_NAMESPACES=1")]
    [TestCase(GuardKind.Build, "networkmode=host&networkmode=bridge", "networkmode needs", "ALLOW_HOST_NAMESPACES=1")]
    [TestCase(GuardKind.Build, "n%65tworkmode=h%6Fst", "networkmode needs", "ALLOW_HOST_NAMESPACES=1")]
    [TestCase(GuardKind.Build, "networkmode=+host", "networkmode needs", "ALLOW_HOST_NAMESPACES=1")]
    [TestCase(GuardKind.Build, "networkmode=ns%3A/proc/1/ns/net", "networkmode needs", "ALLOW_HOST_NAMESPACES=1")]
    [TestCase(GuardKind.Build, "version=2&networkmode=host", "networkmode needs", "ALLOW_HOST_NAMESPACES=1")]
    [TestCase(GuardKind.Build, "cgroupparent=/x", "cgroupparent needs ALLOW_HOST_NAMESPACES=1", "ALLOW_HOST_NAMESPACES=1")]
    [TestCase(GuardKind.Build, "securityopt=%5B%22seccomp=unconfined%22%5D", "securityopt needs ALLOW_SECURITY_OPT=1", "ALLOW_SECURITY_OPT=1")]
    [TestCase(GuardKind.Build, "ulimits=%5B%7B%22name%22:%22RTPRIO%22,%22Soft%22:9%7D%5D", "ulimits needs ALLOW_PRIORITY=1", "ALLOW_PRIORITY=1")]
    [TestCase(GuardKind.Build, "ulimits=x", "ulimits is never allowed", null)]
    [TestCase(GuardKind.Build, "ulimits=%5Bnull%5D", "ulimits is never allowed", null)]
    [TestCase(GuardKind.Build, "ulimits=%5B%5B%7B%7D%5D%5D", "ulimits is never allowed", null)]
    [TestCase(GuardKind.Build, "ulimits=%7B%7D", "ulimits is never allowed", null)]
    [TestCase(GuardKind.Build, "ulimits=%5B%7B%22Name%22:%22a%22,%22name%22:%22b%22%7D%5D", "ulimits is never allowed", null)]
    [TestCase(GuardKind.Build, "remote=http://169.254.169.254/", "the query's remote needs ALLOW_REMOTE_SOURCES=1", "ALLOW_REMOTE_SOURCES=1")]
    [TestCase(GuardKind.Build, "remote=git://x/y", "remote needs ALLOW_REMOTE_SOURCES=1", "ALLOW_REMOTE_SOURCES=1")]
    [TestCase(GuardKind.Build, "networkmode=container:a%2Fb", "no plain container name", null)]
    [TestCase(GuardKind.ImageCreate, "fromSrc=http://127.0.0.1/x.tar", "fromSrc needs ALLOW_REMOTE_SOURCES=1", "ALLOW_REMOTE_SOURCES=1")]
    [TestCase(GuardKind.ImageCreate, "fromSrc=-&fromSrc=http://x/", "fromSrc needs ALLOW_REMOTE_SOURCES=1", "ALLOW_REMOTE_SOURCES=1")]
    [TestCase(GuardKind.ImageSearch, "term=127.0.0.1:5055/x", "the query's term needs ALLOW_REMOTE_SOURCES=1", "ALLOW_REMOTE_SOURCES=1")]
    [TestCase(GuardKind.ImageSearch, "term=localhost%2Fx", "the query's term needs", "ALLOW_REMOTE_SOURCES=1")]
    [TestCase(GuardKind.ImageSearch, "term=a&term=metadata.internal/x/y", "the query's term needs", "ALLOW_REMOTE_SOURCES=1")]
    [TestCase(GuardKind.ImageSearch, "term=http://127.0.0.1/x", "the query's term needs", "ALLOW_REMOTE_SOURCES=1")]
    [TestCase(GuardKind.ImageSearch, "term=INTRANET/x", "the query's term needs", "ALLOW_REMOTE_SOURCES=1")]
    [TestCase(GuardKind.ContainerStart, "checkpoint=c&checkpoint-dir=/etc", "checkpoint-dir is never allowed", null)]
    [TestCase(GuardKind.ContainerCheckpoint, "dir=/etc", "dir is never allowed", null)]
    [TestCase(GuardKind.ContainerTop, "ps_args=-oetimes%3DPID+-oargs", "ps_args with = is never allowed", null)]
    [TestCase(GuardKind.ContainerTop, "ps_args=-oetimes=PID", "ps_args with = is never allowed", null)]
    [TestCase(GuardKind.ContainerTop, "ps_args=aux&ps_args=-ox=y", "ps_args with = is never allowed", null)]
    [TestCase(GuardKind.ContainerStart, "checkpoint=../../../volumes/v/_data/c", "checkpoint is never allowed", null)]
    [TestCase(GuardKind.ContainerStart, "checkpoint=c%2Fd", "checkpoint is never allowed", null)]
    [TestCase(GuardKind.ContainerStart, "checkpoint=..", "checkpoint is never allowed", null)]
    [TestCase(GuardKind.ContainerStart, "checkpoint=c&checkpoint=/srv", "checkpoint is never allowed", null)]
    [TestCase(GuardKind.ContainerTop, "ps_args=-p+1+-o+args:900,user,pid", "ps_args is never allowed", null)]
    [TestCase(GuardKind.ContainerTop, "ps_args=eww+-o+args,pid", "ps_args is never allowed", null)]
    [TestCase(GuardKind.ContainerTop, "ps_args=-eoargs,pid", "ps_args is never allowed", null)]
    [TestCase(GuardKind.ContainerTop, "ps_args=-e+-ocmd+-opid", "ps_args is never allowed", null)]
    [TestCase(GuardKind.ContainerTop, "ps_args=axo+user,lstart,pid", "ps_args is never allowed", null)]
    [TestCase(GuardKind.ContainerTop, "ps_args=-e+--format+args,pid", "ps_args is never allowed", null)]
    [TestCase(GuardKind.ContainerTop, "ps_args=-e+--forma+args,pid", "ps_args is never allowed", null)]
    [TestCase(GuardKind.ContainerTop, "ps_args=-e%09-o%09args,pid", "ps_args is never allowed", null)]
    [TestCase(GuardKind.ContainerTop, "ps_args=-o+args%0Apid", "ps_args is never allowed", null)]
    [TestCase(GuardKind.ContainerTop, "ps_args=-e+-O+args", "ps_args is never allowed", null)]
    [TestCase(GuardKind.ContainerTop, "ps_args=-Co+pid+-o+args,pid", "ps_args is never allowed", null)]
    [TestCase(GuardKind.ContainerTop, "ps_args=-C+x+-o+%25a,pid", "ps_args is never allowed", null)]
    [TestCase(GuardKind.ContainerTop, "ps_args=-eo+pid,args&ps_args=-eo+args,pid", "ps_args is never allowed", null)]
    [TestCase(GuardKind.ContainerTop, "ps_args=-o+user,+pid", "ps_args is never allowed", null)]
    public void QueryForAPower_IsRefusedUnlessOpened(GuardKind kind, string query, string text, string? opener)
    {
        GuardRun.ShouldRefuse(new GuardRun().Head(kind, "web", query), 403, "Forbidden by socketrelay: ", text);
        if (opener is not null)
            GuardRun.ShouldPassUntouched(new GuardRun(opener).Head(kind, "web", query));
    }

    [TestCase(GuardKind.Build, "t=img&networkmode=default&cgroupparent=&remote=&dockerfile=Dockerfile&buildargs=%7B%22networkmode%22%3A%22host%22%7D")]
    [TestCase(GuardKind.Build, "networkmode=none&version=2&remote=client-session&session=x")]
    [TestCase(GuardKind.Build, "NetworkMode=host")]
    [TestCase(GuardKind.Build, "networkmode=my-net&ulimits=%5B%7B%22Name%22%3A%22nofile%22%2C%22Hard%22%3A9%7D%5D")]
    [TestCase(GuardKind.Build, "")]
    [TestCase(GuardKind.ImageCreate, "fromImage=busybox&tag=latest")]
    [TestCase(GuardKind.ImageCreate, "fromSrc=-&repo=x")]
    [TestCase(GuardKind.ImageSearch, "term=nginx&limit=25&filters=%7B%22is-official%22%3A%7B%22true%22%3Atrue%7D%7D")]
    [TestCase(GuardKind.ImageSearch, "term=bitnami/nginx%3A1.2")]
    [TestCase(GuardKind.ImageSearch, "term=docker.io/library/nginx")]
    [TestCase(GuardKind.ImageSearch, "term=node.js")]
    [TestCase(GuardKind.ContainerTop, "ps_args=aux")]
    [TestCase(GuardKind.ContainerTop, "ps_args=-ef")]
    [TestCase(GuardKind.ContainerTop, "ps_args=auxww")]
    [TestCase(GuardKind.ContainerTop, "ps_args=-aux+--forest")]
    [TestCase(GuardKind.ContainerTop, "ps_args=axfeww")]
    [TestCase(GuardKind.ContainerTop, "ps_args=-eFL")]
    [TestCase(GuardKind.ContainerTop, "ps_args=-p+12+-l")]
    [TestCase(GuardKind.ContainerTop, "ps_args=-eo+pid,comm")]
    [TestCase(GuardKind.ContainerTop, "ps_args=-eopid,ppid,cmd")]
    [TestCase(GuardKind.ContainerTop, "ps_args=-e+-o+pid+-o+args")]
    [TestCase(GuardKind.ContainerTop, "ps_args=axo+user:20,group,uid,ppid,pid,%25cpu,%25mem,nlwp,stat,tty,lstart,args")]
    [TestCase(GuardKind.ContainerTop, "ps_args=o+pid,args")]
    [TestCase(GuardKind.ContainerTop, "ps_args=-e+--format+pid,args")]
    [TestCase(GuardKind.ContainerTop, "ps_args=")]
    [TestCase(GuardKind.ContainerRename, "name=other")]
    [TestCase(GuardKind.Commit, "container=web&repo=x&tag=y")]
    [TestCase(GuardKind.ServiceUpdate, "version=5&rollback=")]
    public void OrdinaryQuery_Passes(GuardKind kind, string query) => GuardRun.ShouldPassUntouched(new GuardRun("ALLOW_ENTER=door").Head(kind, "web", query));

    [Test]
    public void OrdinaryQueryOfAStart_Passes()
    {
        string id = Inspections.IdOf("28.5-plain");
        GuardRun.ShouldPassUntouched(new GuardRun().Answer($"/containers/{id}/json", Inspections.Read("28.5-plain")).Head(GuardKind.ContainerStart, id, "checkpoint=c&detachKeys="));
    }

    // version=2 is BuildKit, which runs runc whatever the engine's default runtime is.
    [TestCase("runsc", "version=2", false)]
    [TestCase("kata", "t=x&vers%69on=%32", false)]
    [TestCase("runsc", "version=1&version=2", false)]
    [TestCase("runsc", "version=3", false)]
    [TestCase(null, "version=2", false)]
    [TestCase("runsc", "version=1", true)]
    [TestCase("runsc", "version=", true)]
    [TestCase("runsc", "t=x", true)]
    [TestCase(null, "version=1", true)]
    [TestCase("runc", "version=2", true)]
    [TestCase("io.containerd.runc.v2", "version=2", true)]
    [TestCase("crun", "version=2", true)]
    public void BuildBesideASandbox_NeedsRuncToBeListed(string? ofEngine, string query, bool passes)
    {
        foreach (string[] variables in new string[][] { [], ["ALLOW_RUNTIMES=runc"], ["ALLOW_RUNTIMES=kata"] })
        {
            GuardRun run = new(variables);
            run.Guard.Settings = run.Guard.Settings with { DefaultRuntime = ofEngine, AwaitsFacts = ofEngine is null };
            GuardResult result = run.Head(GuardKind.Build, query: query);
            if (passes || variables is ["ALLOW_RUNTIMES=runc"])
                GuardRun.ShouldPassUntouched(result);
            else
                GuardRun.ShouldRefuse(result, 403, "the query's version ", "needs ALLOW_RUNTIMES=runc", ofEngine is null ? "try again in a second" : "");
        }
    }

    [TestCase("a=b;networkmode=host")]
    [TestCase("a=b;c")]
    [TestCase("networkmode=%zz")]
    [TestCase("networkmode=%6")]
    [TestCase("%=1")]
    public void QueryThatEnginesReadDifferently_IsRefused(string query)
    {
        GuardRun.ShouldRefuse(new GuardRun().Head(GuardKind.Build, query: query), 400, "query");
        GuardRun.ShouldRefuse(new GuardRun().Head(GuardKind.ContainerStart, "web", query), 400, "query");
    }

    [Test]
    public void CreateOptionsInTheQuery_AreNotJudged() =>
        GuardRun.ShouldPassUntouched(new GuardRun().Body(GuardKind.ContainerCreate, "{\"Image\":\"b\"}", query: "Image=b&HostConfig=%7B%22Privileged%22%3Atrue%7D;"));

    [TestCase("door")]
    [TestCase("%64oor")]
    [TestCase("/door")]
    [TestCase("a&name=door")]
    public void RenameToANameThatMayBeEntered_IsRefused(string name) =>
        GuardRun.ShouldRefuse(new GuardRun("ALLOW_ENTER=door").Head(GuardKind.ContainerRename, "web", "name=" + name), 403, "name=door is never allowed");

    // The engine takes the first, and only one name can be replaced by the id that was judged.
    [TestCase("networkmode=container:one&networkmode=container:two")]
    [TestCase("networkmode=&networkmode=container:two")]
    [TestCase("networkmode=container:one&n%65tworkmode=bridge")]
    [TestCase("networkmode=container:one&t=x&networkmode")]
    public void KeyWhoseValueIsReplaced_StandsOnce(string query)
    {
        GuardRun run = new();
        GuardRun.ShouldRefuse(run.Head(GuardKind.Build, query: query), 403, "the query's networkmode is never allowed to stand there twice");
        run.Asked.ShouldBeEmpty();
    }

    [TestCase("version=1&version=2&rollback=previous")]
    [TestCase("version=1&rollback=previous&vers%69on=1")]
    public void VersionOfARollback_StandsOnce(string query) =>
        GuardRun.ShouldRefuse(new GuardRun().Head(GuardKind.ServiceUpdate, "svc", query), 403, "the query's version is never allowed to stand there twice");

    [Test]
    public void KeyThatMayBeRepeated_Passes() =>
        GuardRun.ShouldPassUntouched(new GuardRun().Head(GuardKind.Build, query: "t=a&t=b&cachefrom=x&cachefrom=y&networkmode=none&networkmode=bridge"));

    [TestCase("a=1&b=&&=x&c", "a:1,b:,:x,c:")]
    [TestCase("a%3d=b%26c", "a=:b&c")]
    [TestCase("x+y=1+2%2B3", "x y:1 2+3")]
    [TestCase("a=b=c", "a:b=c")]
    [TestCase("a=%C3%A9", "a:\u00E9")]
    public void Pairs_AreReadAsTheEngineReadsThem(string query, string expected)
    {
        string[] pairs = [.. expected.Split(',')];
        var reader = new QueryReader(System.Text.Encoding.UTF8.GetBytes(query));
        foreach (string pair in pairs)
        {
            reader.MoveNext().ShouldBeTrue();
            reader.IsKey(pair[..pair.IndexOf(':', StringComparison.Ordinal)]).ShouldBeTrue(pair);
            reader.Value().ShouldBe(pair[(pair.IndexOf(':', StringComparison.Ordinal) + 1)..]);
        }

        reader.MoveNext().ShouldBeFalse();
    }
}
