using System.Runtime.CompilerServices;
using SocketRelay.Transport;

namespace SocketRelay.Tests.Transport;

[TestFixture]
internal sealed class StepMethodBuilderTests
{
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private static async ValueTask<int> AddAsync(ValueTask<int> one, int other) => await one + other;

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask ThrowAsync(Task before)
    {
        await before;
        throw new InvalidDataException("from the step");
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private static async ValueTask<int> NestAsync(int depth)
    {
        await Task.Yield();
        if (depth == 0)
            return 1;
        int first = await NestAsync(depth - 1);
        return first + await NestAsync(depth - 1);
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private static async ValueTask<string> FinallyAsync(Task gate, List<string> log)
    {
        try
        {
            await gate;
            log.Add("body");
            return "result";
        }
        finally
        {
            await Task.Yield();
            log.Add("finally");
        }
    }

    private static ValueTask<int> Later(TaskCompletionSource<int> source) => new(source.Task);

    [Test]
    public void StepThatNeverWaits_IsCompletedWithoutABox()
    {
        ValueTask<int> step = AddAsync(new ValueTask<int>(1), 2);
        step.IsCompletedSuccessfully.ShouldBeTrue();
        step.Result.ShouldBe(3);
        AddAsync(new ValueTask<int>(1), 2).ShouldBe(new ValueTask<int>(3)); // equal value tasks: no object behind them
    }

    [Test]
    public async Task StepThatWaits_GivesItsResult()
    {
        TaskCompletionSource<int> source = new();
        ValueTask<int> step = AddAsync(Later(source), 2);
        step.IsCompleted.ShouldBeFalse();
        source.SetResult(40);
        (await step).ShouldBe(42);
    }

    [Test]
    public void ExceptionBeforeAnyWait_ComesOutOfTheAwait()
    {
        ValueTask step = ThrowAsync(Task.CompletedTask);
        step.IsFaulted.ShouldBeTrue();
        Should.Throw<InvalidDataException>(async () => await step).Message.ShouldBe("from the step");
    }

    [Test]
    public void ExceptionAfterAWait_ComesOutOfTheAwait()
    {
        TaskCompletionSource gate = new();
        ValueTask step = ThrowAsync(gate.Task);
        step.IsCompleted.ShouldBeFalse();
        gate.SetResult();
        Should.Throw<InvalidDataException>(async () => await step).Message.ShouldBe("from the step");
    }

    [Test]
    public void ExceptionOfAnInnerStep_PassesThrough()
    {
        TaskCompletionSource<int> source = new();
        ValueTask<int> step = AddAsync(AddAsync(Later(source), 1), 1);
        source.SetException(new InvalidDataException("inner"));
        Should.Throw<InvalidDataException>(async () => await step).Message.ShouldBe("inner");
    }

    [Test]
    public async Task StepThatEndedBeforeItIsAwaited_KeepsItsResult()
    {
        TaskCompletionSource<int> source = new();
        ValueTask<int> started = AddAsync(Later(source), 2);
        source.SetResult(1);
        ValueTask<int> another = AddAsync(new ValueTask<int>(Task.FromResult(10)), 2);
        (await another).ShouldBe(12);
        (await started).ShouldBe(3);
    }

    [Test]
    public async Task StepAwaitedTwice_IsRefusedAndHarmsNobody()
    {
        TaskCompletionSource<int> source = new();
        ValueTask<int> step = AddAsync(Later(source), 2);
        source.SetResult(1);
        (await step).ShouldBe(3);
        Should.Throw<InvalidOperationException>(async () => await step);
        TaskCompletionSource<int> next = new();
        ValueTask<int> other = AddAsync(Later(next), 2); // may use the same box
        Should.Throw<InvalidOperationException>(async () => await step);
        next.SetResult(5);
        (await other).ShouldBe(7);
    }

    [Test]
    public async Task Finally_RunsAfterAWaitOfItsOwn()
    {
        TaskCompletionSource gate = new();
        List<string> log = [];
        ValueTask<string> step = FinallyAsync(gate.Task, log);
        gate.SetResult();
        (await step).ShouldBe("result");
        log.ShouldBe(["body", "finally"]);
        Should.Throw<InvalidDataException>(async () => await FinallyAsync(Task.FromException(new InvalidDataException()), log));
        log.ShouldBe(["body", "finally", "finally"]);
    }

    [Test]
    public async Task StepsThatChangeThreads_KeepTheirResults()
    {
        Task<int>[] all = new Task<int>[200];
        for (int i = 0; i < all.Length; i++)
            all[i] = Task.Run(async () => await NestAsync(6));
        foreach (int result in await Task.WhenAll(all))
            result.ShouldBe(64);
    }

    [Test]
    public void BoxesAreUsedAgain()
    {
        using LoopThread loop = new();
        long allocated = loop.Run(async () =>
        {
            LoopDelay delay = new(loop.Loop);
            await WaitTwiceAsync(delay);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 200; i++)
                await WaitTwiceAsync(delay);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
        allocated.ShouldBeLessThan(2000); // 400 waits; a box of its own for each would be over 40,000
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask WaitTwiceAsync(LoopDelay delay)
    {
        await delay.WaitAsync(0);
        await delay.WaitAsync(0);
    }
}
