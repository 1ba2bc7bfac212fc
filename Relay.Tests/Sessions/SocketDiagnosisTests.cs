using System.Net.Sockets;
using SocketRelay.Native;
using SocketRelay.Sessions;

namespace SocketRelay.Tests.Sessions;

[System.Runtime.Versioning.SupportedOSPlatform("linux")]
internal class SocketDiagnosisTests
{
    private const int ENOENT = 2;
    private const int EACCES = 13;
    private const int ECONNREFUSED = 111;
    private const int ETIMEDOUT = 110;

    private readonly List<Socket> _sockets = [];
    private string _directory = "";

    [SetUp]
    public void MakeDirectory() => _directory = Directory.CreateTempSubdirectory("relay-diagnosis-").FullName;

    [TearDown]
    public void RemoveDirectory()
    {
        _sockets.ForEach(static socket => socket.Dispose());
        _sockets.Clear();
        Directory.Delete(_directory, recursive: true);
    }

    private string At(string name) => Path.Combine(_directory, name);

    private string MakeSocket(UnixFileMode mode)
    {
        string path = At("engine.sock");
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _sockets.Add(socket);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        File.SetUnixFileMode(path, mode);
        return path;
    }

    [Test]
    public void MissingSocket_SaysWhatToMount() =>
        SocketDiagnosis.Explain("/nowhere/docker.sock", ENOENT).ShouldBe(
            "cannot open /nowhere/docker.sock: no such file; mount the engine's socket (volumes: [\"/var/run/docker.sock:/nowhere/docker.sock\"]) or set SOCKET_PATH");

    [Test]
    public void Directory_SaysThatTheEngineMadeIt() => SocketDiagnosis.Explain(_directory, ECONNREFUSED).ShouldContain("it is a directory");

    [Test]
    public void OrdinaryFile_IsNoSocket()
    {
        File.WriteAllText(At("file"), "");
        SocketDiagnosis.Explain(At("file"), ECONNREFUSED).ShouldEndWith("it is not a socket; set SOCKET_PATH to the engine's socket");
    }

    [Test]
    public void SocketThatNobodyServes_SaysToStartTheEngine() =>
        SocketDiagnosis.Explain(MakeSocket(UnixFileMode.UserRead | UnixFileMode.UserWrite), ECONNREFUSED).ShouldContain("nobody listens on it; start the engine");

    [Test]
    public void FullBacklog_PointsAtTheEngine() =>
        SocketDiagnosis.Explain(MakeSocket(UnixFileMode.UserRead | UnixFileMode.UserWrite), ETIMEDOUT).ShouldContain("backlog is full");

    [Test]
    public void DeniedSocket_NamesTheGroupToAdd()
    {
        FileFacts facts = new(0xC1B0, Uid: 0, Gid: 999); // srw-rw----
        SocketDiagnosis.DeniedReason(0, facts, uid: 65534, hasGroup: false)
            .ShouldBe("permission denied; the socket belongs to group 999: add group_add: [\"999\"]");
    }

    [Test]
    public void DeniedSocketOfItsOwnerAlone_NamesTheUser() =>
        SocketDiagnosis.DeniedReason(0, new FileFacts(0xC180, Uid: 1000, Gid: 1000), uid: 65534, hasGroup: false).ShouldContain("add user: \"1000\"");

    [TestCase(0u, false)]
    [TestCase(65534u, true)]
    public void DenialThatTheModeDoesNotExplain_PointsAtTheSecurityModule(uint uid, bool hasGroup) =>
        SocketDiagnosis.DeniedReason(0, new FileFacts(0xC1B0, Uid: 0, Gid: 999), uid, hasGroup).ShouldContain("SELinux or AppArmor");

    [Test]
    public void SocketThatCannotEvenBeSeen_PointsAtTheDirectory() =>
        SocketDiagnosis.DeniedReason(EACCES, default, uid: 65534, hasGroup: false).ShouldContain("uid 65534 may not search a directory above it");

    [Test]
    public void PathTooLongForTheKernel_SaysSo() =>
        SocketDiagnosis.Explain("/" + new string('a', 120), 36).ShouldContain("107 bytes");

    [Test]
    public void AnyOtherError_IsTheSystemsOwnText() =>
        SocketDiagnosis.Explain(MakeSocket(UnixFileMode.UserRead), 5).ShouldEndWith("Input/output error");

    [Test]
    public void Owner_IsDescribedWithItsMode()
    {
        string path = MakeSocket(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
        SocketDiagnosis.DescribeOwner(path).ShouldBe($"owned by {FileFacts.EffectiveUid}:{new FileInfoGroup(path).Gid}, mode 0660");
        SocketDiagnosis.DescribeOwner(At("nothing")).ShouldBeNull();
    }

    // A new file has the group of its directory's maker, which is what the file system says of the directory too.
    private readonly struct FileInfoGroup(string path)
    {
        public uint Gid
        {
            get
            {
                FileFacts.TryRead(Path.GetDirectoryName(path)!, out FileFacts facts).ShouldBe(0);
                return facts.Gid;
            }
        }
    }
}
