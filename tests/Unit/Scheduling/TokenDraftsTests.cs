using RedisInfer.Scheduling.Drafts;

namespace RedisInfer.Tests.Unit.Scheduling;

public sealed class TokenDraftsTests
{
    private readonly TokenDrafts _drafts = new(new DraftOdds(), most: 4);

    [Theory]
    [InlineData(new[] { 1, 2, 3 }, 0, 0)]
    [InlineData(new[] { 1, 2, 1 }, 1, 1)]
    [InlineData(new[] { 1, 2, 9, 7, 2, 8, 1, 2 }, 2, 2)] // the longer match, not the later
    [InlineData(new[] { 1, 2, 3, 1, 2, 4, 1, 2 }, 5, 2)] // of two as long, the later
    [InlineData(new[] { 5, 5, 5 }, 2, 2)]
    public void LongestMatchIsFound(int[] tokens, int next, int length) => Assert.Equal(new DraftMatch(next, length), DraftMatch.Find(tokens));

    [Fact]
    public void TextThatRepeatsItselfIsFoundAtOnce()
    {
        int[] tokens = [.. Enumerable.Repeat(3, 1_000_000)];

        Assert.Equal(new DraftMatch(tokens.Length - 1, DraftMatch.MaxLength), DraftMatch.Find(tokens));
    }

    [Theory]
    [InlineData(new[] { 1, 2, 3, 4, 5, 6, 7, 1 }, 100, new[] { 2, 3, 4, 5 })] // no more than asked for
    [InlineData(new[] { 1, 2, 3, 4, 5, 6, 7, 1 }, 2, new[] { 2, 3 })] // no more than there is room for
    [InlineData(new[] { 1, 2, 3, 4, 5, 6, 7, 1 }, 0, new int[0])]
    [InlineData(new[] { 1, 2, 3, 4, 5, 6, 7, 1 }, -1, new int[0])]
    [InlineData(new[] { 1, 2, 1 }, 100, new[] { 2, 1 })] // no more than there is
    [InlineData(new[] { 1, 2, 3 }, 100, new int[0])]
    public void WhatFollowedIsProposed(int[] tokens, int room, int[] expected)
    {
        _drafts.Look(tokens, room);

        Assert.Equal(expected, _drafts.Offered == 0 ? [] : _drafts.In(tokens).ToArray());
        Assert.Equal(1, _drafts.Expected(1));
    }

    [Fact]
    public void TokensThatFollowedAsBeforeMakeProposalsLikelier()
    {
        List<int> tokens = [.. Enumerable.Range(0, 20), .. Enumerable.Range(0, 4)];
        double before = Expected(tokens);
        for (int token = 4; token < 12; token++)
        {
            _drafts.Look([.. tokens], room: 4);
            _drafts.Learn([.. tokens], token);
            tokens.Add(token);
        }

        Assert.True(Expected(tokens) > before);
    }

    [Fact]
    public void TokensThatFollowedOtherwiseMakeProposalsUnlikely()
    {
        int[] tokens = [1, 2, 3, 4, 5, 1, 2, 3];
        double before = Expected([.. tokens]);
        for (int i = 0; i < 20; i++)
        {
            _drafts.Look(tokens, room: 4);
            _drafts.Learn(tokens, 99);
        }

        Assert.True(before > 1.9);
        Assert.InRange(Expected([.. tokens]), 1, 1.3);
    }

    [Fact]
    public void WhatOneSequenceLearnsOthersBelieve()
    {
        var odds = new DraftOdds();
        double before = odds[3, 7], beforeElsewhere = odds[3, 8];
        for (int i = 0; i < 30; i++)
        {
            odds.Add(3, last: 7, isSame: false);
        }

        Assert.True(odds[3, 7] < before / 4);
        Assert.True(odds[3, 8] < beforeElsewhere / 2); // by the number of tokens alone
        Assert.True(odds[3, 8] > odds[3, 7]);
    }

    [Fact]
    public void ASequenceThatDoesNotCopyIsNotTrusted()
    {
        var odds = new DraftOdds();
        var drafts = new TokenDrafts(odds, most: 4);
        int[] tokens = [1, 2, 3, 4, 5, 6, 1, 2, 3];
        for (int i = 0; i < 10; i++)
        {
            drafts.Look(tokens, room: 4);
            drafts.Learn(tokens, 99);
            odds.Add(3, last: 3, isSame: true); // another sequence does
            odds.Add(3, last: 3, isSame: true);
        }

        var other = new TokenDrafts(odds, most: 4);
        drafts.Look(tokens, room: 4);
        other.Look(tokens, room: 4);
        Assert.True(drafts.Expected(5) - 1 < (other.Expected(5) - 1) / 2);
    }

    private double Expected(List<int> tokens)
    {
        _drafts.Look([.. tokens], room: 4);
        return _drafts.Expected(5);
    }
}
