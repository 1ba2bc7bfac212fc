using System.Runtime.CompilerServices;
using SocketRelay.Guard;
using SocketRelay.Sessions;
using SocketRelay.Transport;

namespace SocketRelay.Host;

/// <summary>
/// Learns from the engine what the guard wants to know: which container the relay itself is, where the engine keeps its data, which cgroups it has.
/// Until it is known the guard refuses more, not less. Both are asked at once, and the listeners wait for the first answers. An engine that is
/// not there yet is asked again until it is. Runs on the loop.
/// </summary>
internal sealed class EngineLearner
{
    private const int RetryMilliseconds = 500;
    private const string FactsPath = "/info";

    // The engine adds up much for this answer, and where a driver of its hangs, this answer hangs: listeners do not wait long for it.
    private static readonly TimeSpan FirstFactsDeadline = TimeSpan.FromSeconds(2);

    private readonly BodyGuard _guard;
    private readonly EngineQuestions _questions;
    private readonly LoopDelay _selfDelay;
    private readonly LoopDelay _factsDelay;
    private readonly Action _onFirstAnswer;
    private readonly IReadOnlyList<string> _candidates;
    private readonly string? _hostname;
    private ValueTaskAwaiter _self;
    private ValueTaskAwaiter _facts;
    private int _firstAnswersLeft = 2;

    /// <summary>Reads what the system says of this process.</summary>
    /// <param name="loop">The loop to run on.</param>
    /// <param name="guard">Gets what is learned.</param>
    /// <param name="questions">Asks the engine.</param>
    /// <param name="onFirstAnswer">Called once on the loop: when the relay's own container and the facts are known, or the engine does not answer.</param>
    public EngineLearner(ILoop loop, BodyGuard guard, EngineQuestions questions, Action onFirstAnswer)
    {
        _guard = guard;
        _questions = questions;
        _selfDelay = new LoopDelay(loop);
        _factsDelay = new LoopDelay(loop);
        _onFirstAnswer = onFirstAnswer;
        _hostname = Read("/proc/sys/kernel/hostname");
        _candidates = guard.Settings.ProtectSelf ? SelfEvidence.Candidates(Read("/proc/self/mountinfo"), Read("/proc/self/cgroup"), _hostname) : [];
        guard.AwaitsSelf = _candidates.Count > 0;
        guard.Settings = guard.Settings with { AwaitsFacts = true };
    }

    /// <summary>Begins to ask. Loop thread.</summary>
    public void Start()
    {
        _facts = LearnFactsAsync().GetAwaiter();
        _self = LearnSelfAsync().GetAwaiter();
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask LearnSelfAsync()
    {
        bool knows = await TryLearnSelfAsync();
        _guard.AwaitsSelf = !knows;
        CountFirstAnswer();
        while (!knows)
        {
            await _selfDelay.WaitAsync(RetryMilliseconds);
            knows = await TryLearnSelfAsync();
            _guard.AwaitsSelf = !knows;
        }
    }

    // Without the facts the guard refuses some calls that are allowed: the first clients wait for them too.
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask LearnFactsAsync()
    {
        bool knows = TryLearnFacts(await _questions.AskAsync(FactsPath, FirstFactsDeadline));
        CountFirstAnswer();
        while (!knows)
        {
            await _factsDelay.WaitAsync(RetryMilliseconds);
            knows = TryLearnFacts(await _questions.AskAsync(FactsPath));
        }
    }

    // False where the engine did not answer. A candidate that it does not know is an answer: then the relay runs in no container of this engine.
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<bool> TryLearnSelfAsync()
    {
        foreach (string candidate in _candidates)
        {
            EngineAnswer answer = await _questions.AskAsync(GuardQuestion.Container(candidate).Path);
            if (answer.Status is 0 or >= 500)
                return false;
            if (answer.Status != 200 || SelfEvidence.FromInspection(candidate, _hostname, answer.Body) is not { } self)
                continue;
            _guard.Self = self;
            return true;
        }
        return true;
    }

    private bool TryLearnFacts(EngineAnswer answer)
    {
        if (answer.Status is 0 or >= 500)
            return false;
        _guard.Settings = answer.Status == 200 && EngineFacts.FromInfo(answer.Body) is { } facts
            ? _guard.Settings with
            {
                AwaitsFacts = false, DataRoot = facts.DataRoot, CgroupV2 = facts.CgroupV2,
                DefaultRuntime = facts.DefaultRuntime, DefaultLogDriver = facts.DefaultLogDriver,
                EngineIsBefore25 = facts.IsBefore25,
            }
            : _guard.Settings with { AwaitsFacts = false };
        return true;
    }

    private void CountFirstAnswer()
    {
        if (--_firstAnswersLeft == 0)
            _onFirstAnswer();
    }

    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
