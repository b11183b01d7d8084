using RedisInfer.Corpus.Indexes;
using StackExchange.Redis;

namespace RedisInfer.Tests.Unit.Corpus.Indexes;

public sealed class ManifestChangesTests
{
    // Newest first.
    private static readonly RedisValue[] Changes = ["40 d e.md", "30 c.md", "20 b.md", "10 c.md"];

    [Theory]
    [InlineData(0, "")]
    [InlineData(40, "d e.md")]
    [InlineData(70, "d e.md,c.md")]
    [InlineData(90, "d e.md,c.md,b.md")]
    [InlineData(100, "d e.md,c.md,b.md")]
    public void ChangesSinceARevisionAreFoundEachOnce(long difference, string paths) =>
        Assert.Equal(paths.Split(',', StringSplitOptions.RemoveEmptyEntries), ManifestChanges.Since(Changes, 0, difference));

    [Theory]
    [InlineData(30, "d e.md,c.md")]
    [InlineData(20, "d e.md,c.md,b.md")]
    [InlineData(60, "d e.md,c.md,b.md")]
    public void ChangesAfterTheRevisionWasReadAreFoundToo(long difference, string paths) =>
        Assert.Equal(paths.Split(','), ManifestChanges.Since(Changes, 0, difference));

    [Theory]
    [InlineData(1)]
    [InlineData(99)]
    [InlineData(101)]
    [InlineData(-40)]
    [InlineData(long.MaxValue)]
    public void DifferenceThatNoChangesAddUpToIsUnexplained(long difference) => Assert.Null(ManifestChanges.Since(Changes, 0, difference));

    [Theory]
    [InlineData(long.MinValue, long.MaxValue)]
    [InlineData(long.MaxValue, long.MinValue)]
    public void RevisionsOfALyingServerAreUnexplained(long former, long present) => Assert.Null(ManifestChanges.Since(Changes, former, present));

    [Theory]
    [InlineData("10 ")]
    [InlineData("10")]
    [InlineData("")]
    [InlineData("-10 a.md")]
    [InlineData("99999999999999999999 a.md")]
    [InlineData("x a.md")]
    public void ChangeOfEverythingOrADamagedOneHidesWhatIsBefore(string change)
    {
        RedisValue[] changes = ["5 z.md", change, "10 a.md"];

        Assert.Equal(["z.md"], ManifestChanges.Since(changes, 0, 5)!);
        Assert.Null(ManifestChanges.Since(changes, 0, 15));
        Assert.Null(ManifestChanges.Since(changes, 0, 25));
    }

    [Fact]
    public void NothingIsKeptOfACorpusThatAnOlderReleaseHasWritten()
    {
        Assert.Equal([], ManifestChanges.Since([], 0, 0)!);
        Assert.Null(ManifestChanges.Since([], 0, 1));
    }
}
