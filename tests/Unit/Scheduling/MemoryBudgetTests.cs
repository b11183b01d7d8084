using RedisInfer.Errors;
using RedisInfer.Inference;
using RedisInfer.Scheduling;

namespace RedisInfer.Tests.Unit.Scheduling;

public sealed class MemoryBudgetTests
{
    private const long GiB = 1L << 30;
    private static readonly MemoryNeed[] Needs = [new("model", 2 * GiB), new("embedding model", 0), new("Redis on this machine", GiB)];

    [Fact]
    public void WhatFitsIsTakenAsAsked()
    {
        MemoryBudget budget = Fit(8 * GiB);

        Assert.Equal(8192, budget.ContextSize);
        Assert.Equal(4, budget.MaxSequences);
        Assert.Equal(
            "model 2 GiB + Redis on this machine 1 GiB + KV cache of 8192 tokens for 4 requests at once 4 GiB = 7 GiB, and there are 8 GiB",
            budget.Arithmetic());
    }

    [Fact]
    public void WhatDoesNotFitIsRefusedWithTheArithmetic()
    {
        var error = Assert.Throws<RedisInferException>(() => Fit(6 * GiB));

        Assert.Equal(RedisInferErrorCode.OverBudget, error.Code);
        Assert.Contains("= 7 GiB, and there are only 6 GiB", error.Message, StringComparison.Ordinal);
        Assert.Contains("LowerConcurrency", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void HostMayLetFewerRequestsRunAtOnce()
    {
        MemoryBudget budget = Fit(6 * GiB, OverBudgetBehavior.LowerConcurrency);

        Assert.Equal(3, budget.MaxSequences);
        Assert.Equal(6144, budget.ContextSize);
        Assert.Equal(6 * GiB, budget.NeededBytes);
    }

    [Fact]
    public void WhereNotEvenOneRequestFitsItIsRefusedAllTheSame()
    {
        var error = Assert.Throws<RedisInferException>(() => Fit((4 * GiB) - 1, OverBudgetBehavior.LowerConcurrency));

        Assert.Contains("not even one request", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ScoresCountWhereAttentionKeepsThem()
    {
        MemoryBudget budget = MemoryBudget.Fit(
            8 * GiB, [], contextSize: 8192, maxSequences: 4, (_, _) => new MemoryEstimate(0, GiB, GiB / 2), OverBudgetBehavior.Refuse, poolBytes: 0);

        Assert.Equal(
            "KV cache of 8192 tokens for 4 requests at once 1 GiB + attention scores 512 MiB = 1.5 GiB, and there are 8 GiB", budget.Arithmetic());
    }

    [Theory]
    [InlineData(8, 0.5)]
    [InlineData(10, 1.5)]
    [InlineData(100, 4)]
    public void HalfOfWhatIsLeftKeepsKvStatesUnlessTheHostSaysHowMuch(long limitGiB, double poolGiB)
    {
        MemoryBudget budget = Fit((limitGiB * GiB) + GiB, poolBytes: null);

        Assert.Equal((long)(poolGiB * GiB), budget.PoolBytes);
        Assert.Contains("KV state of a request on its way 1 GiB", budget.Arithmetic(), StringComparison.Ordinal);
        Assert.Equal(GiB, Fit(9 * GiB, poolBytes: GiB).PoolBytes);
        RedisInferException error = Assert.Throws<RedisInferException>(() => Fit((9 * GiB) - 1, poolBytes: GiB));
        Assert.Contains("KV states in memory 1 GiB", error.Message, StringComparison.Ordinal);
        Assert.Contains("KvCache.MemoryBytes", error.Message, StringComparison.Ordinal);
    }

    private static MemoryBudget Fit(long limit, OverBudgetBehavior whenOver = OverBudgetBehavior.Refuse, long? poolBytes = 0) =>
        MemoryBudget.Fit(limit, Needs, contextSize: 8192, maxSequences: 4, (cells, _) => new MemoryEstimate(0, cells * (GiB / 2048), 0), whenOver, poolBytes);
}
