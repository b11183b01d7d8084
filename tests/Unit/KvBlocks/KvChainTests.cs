using RedisInfer.KvBlocks;

namespace RedisInfer.Tests.Unit.KvBlocks;

public sealed class KvChainTests
{
    private static readonly KvIdentity Identity = new("secret"u8, "model", "tenant");

    private static readonly int[] Tokens = [.. Enumerable.Range(0, 50)];

    [Fact]
    public void BlocksEndWherePartsDoAndWhereTheyAreLargest()
    {
        KvChain chain = KvChain.Cut(Identity, Tokens, [10, 10, 26, 40], maxBlockTokens: 8);

        Assert.Equal([(0, 8), (8, 2), (10, 8), (18, 8), (26, 8), (34, 6)], chain.Blocks.Select(b => (b.Start, b.Count)));
    }

    [Fact]
    public void PromptWithoutPartsHasNoBlocks() => Assert.Empty(KvChain.Cut(Identity, Tokens, [], 8).Blocks);

    // Servers already hold values under these keys. Other keys would lose all of them, so keys change only with the format version.
    [Fact]
    public void KeysAreMadeAsInVersion1()
    {
        KvChain chain = KvChain.Cut(Identity, Tokens, [16], maxBlockTokens: 8);

        Assert.Equal(
            ["54ee3d3717ebfc48b8fc7464b121d621", "121bb6697ec6257c74074f712b9d7368"],
            chain.Blocks.Select(b => b.Key.ToString()));
        Assert.Equal("88f6bfa93b216177c554c3bc31a39759", Identity.Fingerprint.ToString("x32", System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void KeyDependsOnSecretModelTenantAndAllThatComesBefore()
    {
        KvIdentity[] identities =
        [
            Identity, new("other"u8, "model", "tenant"), new("secret"u8, "other", "tenant"), new("secret"u8, "model", "other"),
            new("secret"u8, "modelt", "enant"), new("secret"u8, "model", ""), new([], "model", "tenant"),
        ];
        int[] changed = [.. Tokens];
        changed[0]++;

        KvBlockKey[] keys =
        [
            .. identities.Select(i => KvChain.Cut(i, Tokens, [16], 8).Blocks[1].Key),
            KvChain.Cut(Identity, changed, [16], 8).Blocks[1].Key,
            KvChain.Cut(Identity, Tokens.AsSpan(8), [8], 8).Blocks[0].Key,
            KvChain.Cut(Identity, Tokens, [16], 16).Blocks[0].Key,
            KvChain.Cut(Identity, Tokens, [8, 15], 8).Blocks[1].Key,
        ];

        Assert.Equal(keys.Length, keys.Distinct().Count());
    }

    [Theory]
    [InlineData(10, 5)]
    [InlineData(51)]
    [InlineData(-1)]
    public void PartsThatAreNotInThePromptInOrderAreRefused(params int[] partEnds) =>
        Assert.Throws<ArgumentOutOfRangeException>(nameof(partEnds), () => KvChain.Cut(Identity, Tokens, partEnds, 8));
}
