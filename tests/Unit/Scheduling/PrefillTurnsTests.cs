using RedisInfer.Scheduling;

namespace RedisInfer.Tests.Unit.Scheduling;

public sealed class PrefillTurnsTests
{
    private const int Slice = 64;

    private static readonly TimeSpan SliceTime = TimeSpan.FromMilliseconds(300);

    [Theory]
    [InlineData(1, 30, 7)]
    [InlineData(2, 30, 7)]
    [InlineData(3, 40, 3)]
    [InlineData(4, 40, 1)]
    [InlineData(100, 40, 1)]
    [InlineData(2, 1000, 1)]
    public void AnswersGetSeveralTokensAfterASliceOnlyIfThereAreFewRequests(int requests, int stepMs, int expected)
    {
        var turns = new PrefillTurns(Slice);
        Assert.True(turns.IsForPrompt);
        turns.Prefilled(Slice, SliceTime, requests);

        int steps = 0;
        while (!turns.IsForPrompt)
        {
            turns.Decoded(TimeSpan.FromMilliseconds(stepMs));
            steps++;
        }

        Assert.Equal(expected, steps);
    }

    [Theory]
    [InlineData(3, 50, 1)]
    [InlineData(4, 50, 2)]
    [InlineData(5, 900, 3)]
    [InlineData(3, 90_000, 8)]
    public void SliceLastsAsLongAsAStepOfTheAnswersAndIsTwiceAsLongIfThereAreManyRequests(int requests, int stepMs, int slices)
    {
        var turns = new PrefillTurns(Slice);
        Assert.Equal(Slice, turns.SliceSize);
        turns.Prefilled(2 * Slice, 2 * SliceTime, requests);
        turns.Decoded(TimeSpan.FromMilliseconds(stepMs));

        Assert.Equal(slices * Slice, turns.SliceSize);
    }

    [Fact]
    public void FewShortPromptsFollowEachOtherIfThereAreManyRequests()
    {
        var turns = new PrefillTurns(Slice);
        turns.Prefilled(Slice / 3, SliceTime, requests: 3);
        Assert.False(turns.IsForPrompt);
        turns.Decoded(3 * SliceTime);

        foreach (bool isLast in (bool[])[false, false, false, true])
        {
            Assert.True(turns.IsForPrompt);
            turns.Prefilled(Slice / 3, SliceTime, requests: 5);
            Assert.Equal(isLast, !turns.IsForPrompt);
        }

        turns.Decoded(SliceTime);
        turns.Prefilled(Slice / 2, SliceTime, requests: 5);
        Assert.False(turns.IsForPrompt);
    }

    [Fact]
    public void ClockThatStandsStillMakesThemTakeTurns()
    {
        var turns = new PrefillTurns(int.MaxValue);
        for (int i = 0; i < 3; i++)
        {
            Assert.True(turns.IsForPrompt);
            turns.Prefilled(10, TimeSpan.Zero, requests: 2);
            Assert.False(turns.IsForPrompt);
            turns.Decoded(TimeSpan.Zero);
            Assert.Equal(int.MaxValue, turns.SliceSize);
        }
    }
}
