using FsCheck;
using FsCheck.Fluent;
using RedisInfer.KvBlocks;

namespace RedisInfer.Tests.Property.KvBlocks;

public sealed class KvProperties
{
    private static readonly KvIdentity Identity = new("secret"u8, "model", "tenant");

    /// <summary>Prompts, each with the ends of its parts and a block size.</summary>
    private static Gen<(int[] Tokens, int[] PartEnds, int MaxBlockTokens)> Prompts { get; } =
        from parts in Gen.Choose(0, 40).ListOf()
        from question in Gen.Choose(0, 20)
        from tokens in Gen.Choose(0, 3).ArrayOf(parts.Sum() + question)
        from maximum in Gen.Choose(1, 50)
        select (tokens, EndsOf(parts), maximum);

    private static Gen<byte[]> States { get; } = Gen.Choose(1, 5000).SelectMany(length => Gen.Choose(0, 255).Select(n => (byte)n).ArrayOf(length));

    [Fact]
    public void BlocksCoverThePartsWithoutGapsAndCrossNoneOfTheirEnds() => Prop.ForAll(Prompts.ToArbitrary(), prompt =>
        {
            IReadOnlyList<KvBlock> blocks = KvChain.Cut(Identity, prompt.Tokens, prompt.PartEnds, prompt.MaxBlockTokens).Blocks;
            int end = 0;
            return blocks.All(b =>
                {
                    bool follows = b.Start == end && b.Count >= 1 && b.Count <= prompt.MaxBlockTokens
                        && prompt.PartEnds.All(e => e <= b.Start || e >= b.End);
                    end = b.End;
                    return follows;
                })
                && end == prompt.PartEnds.LastOrDefault();
        })
        .QuickCheckThrowOnFailure();

    [Fact]
    public void ChangedTokenChangesItsBlockAndAllAfterItAndNoneBefore() => Prop.ForAll(
            Prompts.Where(p => p.PartEnds.LastOrDefault() > 0).ToArbitrary(), Gen.Choose(0, 1_000_000).ToArbitrary(), (prompt, where) =>
            {
                int changed = where % prompt.PartEnds[^1];
                int[] tokens = [.. prompt.Tokens];
                tokens[changed] += 1000;
                IReadOnlyList<KvBlock> before = KvChain.Cut(Identity, prompt.Tokens, prompt.PartEnds, prompt.MaxBlockTokens).Blocks;
                IReadOnlyList<KvBlock> after = KvChain.Cut(Identity, tokens, prompt.PartEnds, prompt.MaxBlockTokens).Blocks;
                return before.Zip(after).All(pair => pair.First.Key == pair.Second.Key == (pair.First.End <= changed));
            })
        .QuickCheckThrowOnFailure();

    [Fact]
    public void BlocksOfAPromptAreAllDifferent() => Prop.ForAll(Prompts.ToArbitrary(), prompt =>
        {
            IReadOnlyList<KvBlock> blocks = KvChain.Cut(Identity, prompt.Tokens, prompt.PartEnds, prompt.MaxBlockTokens).Blocks;
            return blocks.Select(b => b.Key).Distinct().Count() == blocks.Count;
        })
        .QuickCheckThrowOnFailure();

    [Fact]
    public void SealedStatesReadBackAndChangedOnesDoNot() => Prop.ForAll(
            States.ToArbitrary(), Gen.Choose(0, 1_000_000).ToArbitrary(), Gen.Choose(1, 255).ToArbitrary(), (state, where, change) =>
            {
                KvBlock block = KvChain.Cut(Identity, [1, 2, 3], [3], 8).Blocks[0];
                var record = new byte[state.Length + KvEnvelope.OverheadBytes];
                state.CopyTo(record, KvEnvelope.HeaderBytes);
                KvEnvelope.Seal(Identity, block, record);
                bool read = KvEnvelope.Check(Identity, block, record) is null && KvEnvelope.StateOf(record).Span.SequenceEqual(state);
                record[where % record.Length] ^= (byte)change;
                return read && KvEnvelope.Check(Identity, block, record) is not null;
            })
        .QuickCheckThrowOnFailure();

    private static int[] EndsOf(IEnumerable<int> lengths)
    {
        int end = 0;
        return [.. lengths.Select(length => end += length)];
    }
}
