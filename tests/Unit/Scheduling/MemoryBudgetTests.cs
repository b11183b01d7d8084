using RedisInfer.Errors;
using RedisInfer.Scheduling;
using RedisInfer.Tests.Support;

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

    [Theory]
    [InlineData("0::/app.slice/one.service\n", 300)]
    [InlineData("0::/app.slice\n", 500)]
    [InlineData("0::/outside/path/that/is/not/here\n", 1000)]
    [InlineData("5:cpu,cpuacct:/\n3:memory:/old\n", 200)]
    [InlineData("5:cpu,cpuacct:/\n", null)]
    public void LeastLimitOfTheControlGroupsCounts(string membership, int? expected)
    {
        using var folder = new TempFolder();
        foreach ((string path, string value) in new[]
        {
            ("memory.max", "1000\n"), ("app.slice/memory.max", "500\n"), ("app.slice/one.service/memory.max", "300\n"),
            ("memory/memory.limit_in_bytes", "9000\n"), ("memory/old/memory.limit_in_bytes", "200\n"),
        })
        {
            string file = Path.Combine(folder.Path, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, value);
        }

        string groups = Path.Combine(folder.Path, "cgroup");
        File.WriteAllText(groups, membership);

        Assert.Equal(expected, HostMemory.ReadContainerLimit(folder.Path, groups));
    }

    [Fact]
    public void NoLimitIsNone()
    {
        using var folder = new TempFolder();
        File.WriteAllText(Path.Combine(folder.Path, "memory.max"), "max\n");
        string groups = Path.Combine(folder.Path, "cgroup");
        File.WriteAllText(groups, "0::/\n");

        Assert.Null(HostMemory.ReadContainerLimit(folder.Path, groups));
        Assert.InRange(HostMemory.ReadLimit(), 1L << 26, long.MaxValue);
    }

    private static MemoryBudget Fit(long limit, OverBudgetBehavior whenOver = OverBudgetBehavior.Refuse) =>
        MemoryBudget.Fit(limit, Needs, contextSize: 8192, maxSequences: 4, cells => cells * (GiB / 2048), whenOver);
}
