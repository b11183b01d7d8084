using RedisInfer.Corpus.Indexes;
using RedisInfer.Errors;

namespace RedisInfer.Tests.Unit.Corpus.Indexes;

public sealed class PostingListsTests
{
    [Fact]
    public void EveryWordHasItsPostingsInTheOrderTheyCame()
    {
        var random = new Random(5);
        var lists = new PostingLists();
        var expected = new Dictionary<uint, List<(int Slot, byte Count)>>();
        for (int slot = 0; slot < 20_000; slot++)
        {
            // A few words are frequent, most are rare.
            var word = (uint)(1 / (random.NextDouble() + 0.0001));
            var count = (byte)(1 + random.Next(255));
            lists.Add(word, slot, count);
            if (!expected.TryGetValue(word, out List<(int, byte)>? postings))
                expected.Add(word, postings = []);
            postings.Add((slot, count));
        }

        foreach ((uint word, List<(int Slot, byte Count)> postings) in expected)
        {
            Assert.Equal(postings, Read(lists, word, out int alive));
            Assert.Equal(postings.Count, alive);
        }

        Assert.Empty(Read(lists, uint.MaxValue, out int none));
        Assert.Equal(0, none);
    }

    [Fact]
    public void WhatIsForgottenIsNotCountedAndKeepsItsPosting()
    {
        var lists = new PostingLists();
        lists.Add(7, 1, 1);
        lists.Add(7, 2, 1);

        lists.Forget(7);

        Assert.Equal([1, 2], Read(lists, 7, out int alive).Select(posting => posting.Slot));
        Assert.Equal(1, alive);
    }

    [Theory]
    [InlineData(1, 1024)]
    [InlineData(1_000_000_000, 1_500_000_000)]
    [InlineData(1_500_000_000, 2_147_483_591)]
    [InlineData(2_147_483_591, 2_147_483_591)]
    public void ArraysGrowByHalfAsLongAsAnArrayCanBeThatLong(long used, int capacity) =>
        Assert.Equal(capacity, PostingLists.CapacityFor(used));

    [Fact]
    public void MorePostingsThanAnArrayHoldsAreRefusedWithTheRemedy()
    {
        RedisInferException e = Assert.Throws<RedisInferException>(() => PostingLists.CapacityFor(Array.MaxLength + 1L));

        Assert.Equal(RedisInferErrorCode.OverBudget, e.Code);
        Assert.Contains("Split the corpus", e.Message, StringComparison.Ordinal);
    }

    private static List<(int Slot, byte Count)> Read(PostingLists lists, uint word, out int alive)
    {
        var blocks = new PostingLists.Block[PostingLists.MaxBlocks];
        var postings = new List<(int, byte)>();
        int count = lists.Find(word, blocks, out alive);
        foreach (PostingLists.Block block in blocks[..count])
        {
            for (int i = 0; i < block.Length; i++)
            {
                postings.Add((lists.Slots(block)[i], lists.Counts(block)[i]));
            }
        }

        return postings;
    }
}
