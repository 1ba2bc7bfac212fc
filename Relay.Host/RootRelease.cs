using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using SocketRelay.Diagnostics;
using SocketRelay.Native;
using SocketRelay.Sessions;
using SocketRelay.Transport;

namespace SocketRelay.Host;

/// <summary>
/// Gives root up once the listeners are open and the engine's socket is there, if an ordinary user with that socket's group can use it; until
/// then it looks again and again. Says in one line what became of root. Does nothing where the process was not started as root.
/// </summary>
internal sealed class RootRelease(HostOptions options, ILoop loop, ILogger log)
{
    private const int SoonMilliseconds = 250;
    private const int LaterMilliseconds = 5000;

    /// <summary>An engine that is just starting opens its socket a moment before it gives it to its group; after 3 s this is how it stays.</summary>
    private const int DenialsBeforeTold = 12;

    private readonly LoopDelay _delay = new(loop);
    private ValueTaskAwaiter _run;
    private int _denials;

    private enum Outcome
    {
        Done,
        NotThereYet,
        Denied,
    }

    /// <summary>Looks for the first time. Before the loop's thread is started.</summary>
    public void Start()
    {
        if (!RootPrivileges.AreHeld)
            return;
        if (options.KeepRoot)
            RelayLog.RootKeptAsAsked(log);
        else if (TryRelease() is not Outcome.Done and var outcome)
            loop.Post(() => _run = RunAsync(outcome).GetAwaiter());
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask RunAsync(Outcome outcome)
    {
        while (outcome != Outcome.Done)
        {
            await _delay.WaitAsync(_denials >= DenialsBeforeTold ? LaterMilliseconds : SoonMilliseconds);
            outcome = TryRelease();
        }
    }

    private Outcome TryRelease()
    {
        if (FileFacts.TryRead(options.SocketPath, out FileFacts facts) != 0 || !facts.IsSocket)
            return Outcome.NotThereYet;
        int errno = Errno.EACCES;
        foreach (uint gid in (uint[])[facts.Gid, RootPrivileges.Nobody])
        {
            errno = RootPrivileges.TryAsNobody(options.SocketPath, gid);
            if (errno == 0)
                errno = RootPrivileges.GiveUp(gid);
            if (errno == 0)
            {
                RelayLog.RootGivenUp(log, RootPrivileges.Nobody, gid, RootPrivileges.ForbidPrograms() ? ", and may start no program" : "");
                return Outcome.Done;
            }
            if (errno is Errno.EPERM or Errno.EINVAL)
                break;
        }
        return Denied(errno, facts);
    }

    private Outcome Denied(int errno, FileFacts facts)
    {
        if (++_denials == DenialsBeforeTold)
        {
            RelayLog.RootKept(log, errno is Errno.EPERM or Errno.EINVAL
                ? $"this container may not change its user; add user: \"{RootPrivileges.Nobody}:{facts.Gid}\""
                : $"no other user can open {options.SocketPath} by its group, {SocketDiagnosis.DescribeOwner(options.SocketPath)}; "
                    + "let its group write to it and everyone search the folders above it, or set KEEP_ROOT=1 where root is meant");
        }
        return Outcome.Denied;
    }
}
