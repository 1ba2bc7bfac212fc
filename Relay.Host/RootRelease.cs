using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using SocketRelay.Diagnostics;
using SocketRelay.Native;
using SocketRelay.Sessions;
using SocketRelay.Transport;

namespace SocketRelay.Host;

/// <summary>
/// Gives root up once the listeners are open and the engine's socket is there, if an ordinary user with that socket's group can use it. Until
/// then it looks again, at growing intervals for the first minute and before every client that connects: a relay at rest does not wake for it.
/// Says in one line what became of root. Does nothing where the process was not started as root.
/// </summary>
internal sealed class RootRelease(HostOptions options, ILoop loop, ILogger log)
{
    /// <summary>The first interval; each is twice the one before.</summary>
    private const int FirstMilliseconds = 250;

    /// <summary>After the longest, a minute from the start, only clients make it look.</summary>
    private const int LongestMilliseconds = 32_000;

    /// <summary>Clients that connect in quick succession make it look no more often than this; a look is some ten system calls.</summary>
    private const int ClientMilliseconds = 100;

    /// <summary>An engine that is just starting opens its socket a moment before it gives it to its group; after this long it is how it stays.</summary>
    private const int ToldAfterMilliseconds = 3000;

    private readonly LoopDelay _delay = new(loop);
    private ValueTaskAwaiter _run;
    private bool _isLooking;
    private bool _isTold;
    private long _deniedSince = long.MaxValue;
    private long _nextLookForClients;

    /// <summary>Whether root was given up: then the process is not what the container's settings say it starts as.</summary>
    public bool IsGivenUp { get; private set; }

    /// <summary>Looks for the first time. Before the loop's thread is started.</summary>
    public void Start()
    {
        if (!RootPrivileges.AreHeld)
            return;
        if (options.KeepRoot)
        {
            RelayLog.RootKeptAsAsked(log);
            return;
        }
        _isLooking = true;
        Look();
        if (_isLooking)
            loop.Post(() => _run = RunAsync().GetAwaiter());
    }

    /// <summary>Looks again where root is still held, before a client is served. Loop thread.</summary>
    public void LookForClient()
    {
        if (!_isLooking || loop.Now < _nextLookForClients)
            return;
        _nextLookForClients = loop.Now + ClientMilliseconds;
        Look();
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask RunAsync()
    {
        for (int wait = FirstMilliseconds; _isLooking && wait <= LongestMilliseconds; wait *= 2)
        {
            await _delay.WaitAsync(wait);
            if (_isLooking)
                Look();
        }
    }

    private void Look()
    {
        if (FileFacts.TryRead(options.SocketPath, out FileFacts facts) != 0 || !facts.IsSocket)
            return;
        int errno = Errno.EACCES;
        foreach (uint gid in (uint[])[facts.Gid, RootPrivileges.Nobody])
        {
            errno = RootPrivileges.TryAsNobody(options.SocketPath, gid);
            if (errno == 0)
                errno = RootPrivileges.GiveUp(gid);
            if (errno == 0)
            {
                _isLooking = false;
                IsGivenUp = true;
                RelayLog.RootGivenUp(log, RootPrivileges.Nobody, gid, RootPrivileges.ForbidPrograms() ? ", and may start no program" : "");
                return;
            }
            if (errno is Errno.EPERM or Errno.EINVAL)
            {
                _isLooking = false; // nothing that happens to the socket changes what this process may do
                RelayLog.RootKept(log, $"this container may not change its user; add user: \"{RootPrivileges.Nobody}:{facts.Gid}\"");
                return;
            }
        }
        TellDenied();
    }

    private void TellDenied()
    {
        _deniedSince = Math.Min(_deniedSince, loop.Now);
        if (_isTold || loop.Now - _deniedSince < ToldAfterMilliseconds)
            return;
        _isTold = true;
        RelayLog.RootKept(log, $"no other user can open {options.SocketPath} by its group, {SocketDiagnosis.DescribeOwner(options.SocketPath)}; "
            + "let its group write to it and everyone search the folders above it, or set KEEP_ROOT=1 where root is meant");
    }
}
