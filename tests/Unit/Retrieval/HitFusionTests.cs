using RedisInfer.Corpus.Indexes;
using RedisInfer.Corpus.Records;
using RedisInfer.Retrieval;

namespace RedisInfer.Tests.Unit.Retrieval;

public sealed class HitFusionTests
{
    private static readonly Dictionary<ChunkRef, float> NoCosines = [];

    [Fact]
    public void TheFirstOfEachSideComesBeforeTheLastOfBoth()
    {
        string[] others = [.. Enumerable.Range(0, 30).Select(i => $"n{i}")], words = [.. Enumerable.Range(0, 30).Select(i => $"w{i}")];

        List<string> fused = Fuse(["near", .. others, "both"], ["worded", .. words, "both"]);

        Assert.Equal("near", fused[0]);
        Assert.True(fused.IndexOf("worded") < fused.IndexOf("both"));
    }

    [Fact]
    public void WhatBothSidesFindNearTheTopComesFirst() =>
        Assert.Equal("both", Fuse(["a", "both", "c"], ["d", "both", "e"])[0]);

    [Fact]
    public void WordsThatAreNotSureCountForLess()
    {
        ChunkHit[] near = [new(At("near"), 0.6f), new(At("far"), 0.1f)];
        ChunkHit[] sure = [Worded("worded", score: 1, relevance: 1)], unsure = [Worded("worded", score: 0.1f, relevance: 1)];
        var cosines = new Dictionary<ChunkRef, float> { [At("near")] = 0.6f, [At("far")] = 0.1f, [At("worded")] = 0.3f };

        Assert.Equal("worded", HitFusion.Fuse(near, sure, cosines, 0.1)[0].Path);
        Assert.Equal("near", HitFusion.Fuse(near, unsure, cosines, 0.1)[0].Path);
    }

    [Fact]
    public void OneRankingAloneIsKeptAsItIs()
    {
        Assert.Equal(["b", "a", "c"], Fuse([], ["b", "a", "c"]));
        Assert.Equal(["b", "a", "c"], Fuse(["b", "a", "c"], []));
    }

    [Fact]
    public void OneDocumentDoesNotFillTheFirstPlaces()
    {
        ChunkHit[] near = [.. Enumerable.Range(0, 8).Select(i => new ChunkHit(new ChunkRef(1, "long", i), 0.60f - (0.01f * i))), new(At("short"), 0.5f)];
        Dictionary<ChunkRef, float> cosines = near.ToDictionary(hit => hit.Chunk, hit => hit.Score);

        List<ChunkRef> fused = HitFusion.Fuse(near, [Worded("other", 0.2f, 0.2f)], cosines, 0.1);

        Assert.Equal(1, fused.FindIndex(chunk => chunk.Path == "short"));
    }

    [Fact]
    public void NoScoreOutOfItsRangeLosesAHit()
    {
        ChunkHit[] near = [new(At("a"), -0.5f), new(At("b"), -0.9f)];

        List<ChunkRef> fused = HitFusion.Fuse(near, [Worded("c", 0, 0)], NoCosines, 0.4);

        Assert.Equal(["a", "b", "c"], fused.Select(chunk => chunk.Path).Order());
    }

    private static List<string> Fuse(string[] byVector, string[] byWords)
    {
        ChunkHit[] near = [.. byVector.Select((path, i) => new ChunkHit(At(path), 0.6f - (0.4f * i / Math.Max(1, byVector.Length - 1))))];
        ChunkHit[] worded = [.. byWords.Select((path, i) => Worded(path, 1, 1 - (0.8f * i / Math.Max(1, byWords.Length - 1))))];
        List<ChunkRef> fused = HitFusion.Fuse(near, worded, near.ToDictionary(hit => hit.Chunk, hit => hit.Score), unrelated: 0.1);
        return [.. fused.Select(chunk => chunk.Path)];
    }

    private static ChunkHit Worded(string path, float score, float relevance) => new(At(path), score) { Relevance = relevance };

    private static ChunkRef At(string path) => new(1, path, 0);
}
