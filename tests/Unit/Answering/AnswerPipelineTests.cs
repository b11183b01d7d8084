using Microsoft.Extensions.Logging.Abstractions;
using RedisInfer.Answering;
using RedisInfer.Inference;
using RedisInfer.Scheduling;
using RedisInfer.Tests.Support.Inference;
using RedisInfer.Tests.Unit.KvBlocks;

namespace RedisInfer.Tests.Unit.Answering;

public sealed class AnswerPipelineTests
{
    [Fact]
    public async Task StartThatFailsAfterTheContextIsCreatedFreesContextAndStore()
    {
        var model = new EchoModel();
        var store = new FakeKvBlockStore { WarmUpError = new InvalidCastException("a mistake in code") };
        using var metrics = new SchedulerMetrics(null, model.Info, TimeProvider.System);
        MemoryBudget budget = MemoryBudget.Fit(long.MaxValue, [], 512, 2, (_, _) => new MemoryEstimate(0, 0, 0), OverBudgetBehavior.Refuse);

        await Assert.ThrowsAsync<InvalidCastException>(() => AnswerPipeline.StartAsync(
            model, new RedisInferOptions(), budget, _ => [store], answerStore: null, metrics, NullLogger.Instance, TimeProvider.System));

        Assert.True(model.Context!.Disposed);
        Assert.True(store.Disposed);
    }
}
