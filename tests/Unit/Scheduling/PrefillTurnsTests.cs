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
    [InlineData(50, 1)]
    [InlineData(900, 3)]
    [InlineData(90_000, 8)]
    public void SliceLastsAsLongAsAStepOfTheAnswers(int stepMs, int slices)
    {
        var turns = new PrefillTurns(Slice);
        Assert.Equal(Slice, turns.SliceSize);
        turns.Prefilled(2 * Slice, 2 * SliceTime, requests: 8);
        turns.Decoded(TimeSpan.FromMilliseconds(stepMs));

        Assert.Equal(slices * Slice, turns.SliceSize);
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
