using RedisInfer.Corpus.Indexes;
using RedisInfer.Corpus.Records;
using RedisInfer.Retrieval;

namespace RedisInfer.Tests.Unit.Retrieval;

public sealed class RankFusionTests
{
    [Fact]
    public void WhatBothRankingsHoldComesBeforeWhatOneHolds() =>
        Assert.Equal(["c", "a", "d", "b", "e"], Fuse(["a", "b", "c"], ["d", "e", "c"]));

    [Fact]
    public void OneRankingAloneIsKeptAsItIs() => Assert.Equal(["b", "a", "c"], Fuse([], ["b", "a", "c"]));

    [Fact]
    public void EqualRanksAreOrderedByPathWhicheverRankingTheyAreIn() => Assert.Equal(["a", "b"], Fuse(["b"], ["a"]));

    private static IEnumerable<string> Fuse(string[] byVector, string[] byWords) =>
        RankFusion.Fuse([.. byVector.Select(Hit)], [.. byWords.Select(Hit)]).Select(chunk => chunk.Path);

    private static ChunkHit Hit(string path) => new(new ChunkRef(1, path, 0), 0.5f);
}
