using RedisInfer.Corpus.Indexes;

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
