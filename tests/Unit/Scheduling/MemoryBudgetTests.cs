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
            8 * GiB, [], contextSize: 8192, maxSequences: 4, _ => new MemoryEstimate(0, GiB, GiB / 2), OverBudgetBehavior.Refuse);

        Assert.Equal(
            "KV cache of 8192 tokens for 4 requests at once 1 GiB + attention scores 512 MiB = 1.5 GiB, and there are 8 GiB", budget.Arithmetic());
    }

    private static MemoryBudget Fit(long limit, OverBudgetBehavior whenOver = OverBudgetBehavior.Refuse) =>
        MemoryBudget.Fit(limit, Needs, contextSize: 8192, maxSequences: 4, cells => new MemoryEstimate(0, cells * (GiB / 2048), 0), whenOver);
}
