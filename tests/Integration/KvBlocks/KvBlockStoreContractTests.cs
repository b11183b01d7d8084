using RedisInfer.Inference;
using RedisInfer.KvBlocks;
using RedisInfer.Redis;
using RedisInfer.Tests.Integration.Inference;
using RedisInfer.Tests.Integration.Llama;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Servers;
using StackExchange.Redis;

namespace RedisInfer.Tests.Integration.KvBlocks;

/// <summary>What saving and loading KV blocks must do, on every kind of server.</summary>
public abstract class KvBlockStoreContractTests(ServerFixture server, LlamaUnderTest engine)
{
    private const string Prompt = "Backups are kept for 31 days, and restored by the team on call. Ask them before a restore.";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(KvType.F16)]
    [InlineData(KvType.Q8_0)]
    public async Task StatesSavedByOneProcessContinueBitForBitInAnother(KvType kvType)
    {
        string corpus = ServerFixture.UniqueName();
        int[] tokens = engine.Text.Tokens(Prompt);
        var options = new ContextOptions { ContextSize = 512, KvType = kvType };
        KvBlockSize size = KvBlockSize.For(engine.Text, options) with { MaxTokens = 7 };
        string fingerprint = engine.Text.GetStateFingerprint(options);
        KvChain chain = KvChain.Cut(KvTestStore.Identity(fingerprint: fingerprint), tokens, [5, tokens.Length - 3], size.MaxTokens);
        await using var writer = KvTestStore.Open(server.Connection, corpus, size: size);
        await using var reader = KvTestStore.Open(server.Connection, corpus, size: size);
        using IInferenceContext first = engine.Text.Context(kvType: kvType);
        first.Append(0, tokens.AsSpan(0, tokens.Length - 3));
        await writer.SaveAsync(first, chain, sequence: 0, scratch: 1);
        float[] expected = first.LogitsAfter(0, tokens.AsSpan(tokens.Length - 3));

        using IInferenceContext second = engine.Text.Context(size: 1024, kvType: kvType);
        second.Append(3, engine.Text.Tokens("A neighbour that takes cells"));
        Assert.Equal(chain.Blocks.Count, await reader.Blocks.CountStoredAsync(chain, 0, Cancellation));
        Assert.Equal(chain.Blocks.Count, await reader.RestoreAsync(second, chain, sequence: 0, scratch: 1));

        Assert.Equal(tokens.Length - 3, second.GetSequenceLength(0));
        Assert.Equal(expected, second.LogitsAfter(0, tokens.AsSpan(tokens.Length - 3)));
    }

    [Fact]
    public async Task ChainEndsAtTheFirstBlockThatIsGone()
    {
        await using var store = KvTestStore.Open(server.Connection, ServerFixture.UniqueName());
        KvChain chain = Chain(blocks: 6);
        await store.SaveAsync(chain, stateBytes: 1000);
        IDatabase database = await store.ConnectAsync();

        Assert.Equal(6, (await store.LoadAsync(chain)).Count);
        await database.KeyDeleteAsync(store.KeyOf(chain.Blocks[4]));

        Assert.Equal(4, await store.Blocks.CountStoredAsync(chain, 0, Cancellation));
        Assert.Equal(1, await store.Blocks.CountStoredAsync(chain, 3, Cancellation));
        Assert.Equal(0, await store.Blocks.CountStoredAsync(chain, 4, Cancellation));
        Assert.Equal(4, (await store.LoadAsync(chain)).Count);
        Assert.Equal(1, store.Blocks.Metrics[KvOutcome.Missed]);
        Assert.Empty(store.Warnings);
    }

    [Fact]
    public async Task StatesOfAnyLengthComeBackAsTheyWere()
    {
        await using var store = KvTestStore.Open(server.Connection, ServerFixture.UniqueName());
        var random = new Random(1);
        int[] lengths = [1, 2, 15, 16, 17, 4095, 4096, 1 << 20, .. Enumerable.Range(0, 12).Select(_ => random.Next(1, 1 << 20))];
        KvChain chain = Chain(blocks: lengths.Length);
        var states = new List<byte[]>();
        for (int i = 0; i < lengths.Length; i++)
        {
            byte[] state = new byte[lengths[i]];
            random.NextBytes(state);
            states.Add(state);
            await store.SaveAsync(chain, i, state);
        }

        Assert.Equal(states, await store.LoadAsync(chain));
    }

    [Fact]
    public async Task PromptThatBeginsAlikeSharesTheBlocksUpToWhereItDiffers()
    {
        await using var store = KvTestStore.Open(server.Connection, ServerFixture.UniqueName());
        int[] tokens = [.. Enumerable.Range(100, 40)];
        await store.SaveAsync(KvChain.Cut(KvTestStore.Identity(), tokens, [12, 30, 40], 8), stateBytes: 500);

        tokens[33] = 0;
        KvChain other = KvChain.Cut(KvTestStore.Identity(), tokens, [12, 30, 40], 8);

        Assert.Equal(5, await store.Blocks.CountStoredAsync(other, 0, Cancellation));
        Assert.Equal([8, 12, 20, 28, 30, 38, 40], other.Blocks.Select(b => b.End));
    }

    [Theory]
    [InlineData("flipped", "seal")]
    [InlineData("flipped in the header", "header")]
    [InlineData("truncated", "length")]
    [InlineData("extended", "length")]
    [InlineData("emptied", "size")]
    [InlineData("of another block", "another block")]
    [InlineData("of another tenant", "another block")]
    [InlineData("of another secret", "another block")]
    [InlineData("of another model", "another model")]
    [InlineData("of another version", "version 2")]
    [InlineData("too large", "size")]
    [InlineData("no block at all", "does not begin")]
    public async Task RecordThatIsOffIsAMissThatIsCountedAndLogged(string how, string problem)
    {
        string corpus = ServerFixture.UniqueName();
        await using var store = KvTestStore.Open(server.Connection, corpus);
        KvChain chain = Chain(blocks: 3);
        await store.SaveAsync(chain, stateBytes: 3000);
        IDatabase database = await store.ConnectAsync();
        byte[] record = (await database.StringGetAsync(store.KeyOf(chain.Blocks[1])))!;

        await database.StringSetAsync(store.KeyOf(chain.Blocks[1]), await SpoilAsync(store, database, chain, record, how));

        Assert.Single(await store.LoadAsync(chain));
        Assert.Equal(1, store.Blocks.Metrics[KvOutcome.Rejected]);
        string warning = Assert.Single(store.Warnings);
        Assert.Contains(problem, warning, StringComparison.Ordinal);
        Assert.Contains(chain.Blocks[1].Key.ToString(), warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeyOfAnotherTypeIsAMiss()
    {
        await using var store = KvTestStore.Open(server.Connection, ServerFixture.UniqueName());
        KvChain chain = Chain(blocks: 1);
        IDatabase database = await store.ConnectAsync();
        await database.ListRightPushAsync(store.KeyOf(chain.Blocks[0]), "x");

        Assert.Equal(0, await store.Blocks.CountStoredAsync(chain, 0, Cancellation));
        Assert.Empty(await store.LoadAsync(chain));
    }

    [Fact]
    public async Task BlocksUsedLongestAgoGoWhenThereAreTooManyBytes()
    {
        var settings = new KvCacheOptions { MaxStoredBytes = 100_000 };
        await using var store = KvTestStore.Open(server.Connection, ServerFixture.UniqueName(), settings);
        KvChain kept = Chain(blocks: 4, seed: 1), forgotten = Chain(blocks: 4, seed: 2);
        await store.SaveAsync(kept, stateBytes: 9_000);
        await store.SaveAsync(forgotten, stateBytes: 9_000);

        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(4, (await store.LoadAsync(kept)).Count);
            await store.SaveAsync(Chain(blocks: 2, seed: 10 + i), stateBytes: 9_000);
        }

        Assert.Equal(4, await store.Blocks.CountStoredAsync(kept, 0, Cancellation));
        Assert.Equal(0, await store.Blocks.CountStoredAsync(forgotten, 0, Cancellation));
        IDatabase database = await store.ConnectAsync();
        Assert.InRange(await database.SortedSetLengthAsync(store.Keys.KvIndex), 10, 12);
    }

    [Fact]
    public async Task ProcessWhoseClockIsAheadRemovesNoBlocksOfOthers()
    {
        string corpus = ServerFixture.UniqueName();
        var settings = new KvCacheOptions { MaxStoredBytes = 100_000 };
        var ahead = new ManualTime();
        ahead.Advance(2 * settings.TimeToLive);
        await using var store = KvTestStore.Open(server.Connection, corpus, settings, time: new ManualTime());
        await using var other = KvTestStore.Open(server.Connection, corpus, settings, time: ahead);
        KvChain chain = Chain(blocks: 4);
        await store.SaveAsync(chain, stateBytes: 5000);

        await other.SaveAsync(Chain(blocks: 4, seed: 1), stateBytes: 5000);

        Assert.Equal(4, await store.Blocks.CountStoredAsync(chain, 0, Cancellation));
    }

    [Fact]
    public async Task BlocksThatTheServerHasRemovedLeaveTheIndexAndTheTotal()
    {
        var settings = new KvCacheOptions { MaxStoredBytes = 100_000 };
        await using var store = KvTestStore.Open(server.Connection, ServerFixture.UniqueName(), settings);
        KvChain gone = Chain(blocks: 8, seed: 1), kept = Chain(blocks: 4);
        await store.SaveAsync(kept, stateBytes: 9_000);
        await store.SaveAsync(gone, stateBytes: 6_000);
        IDatabase database = await store.ConnectAsync();
        await database.KeyDeleteAsync([.. gone.Blocks.Select(store.KeyOf)]);

        await store.SaveAsync(Chain(blocks: 4, seed: 2), stateBytes: 9_000);

        Assert.Equal(4, await store.Blocks.CountStoredAsync(kept, 0, Cancellation));
        Assert.Equal(8, await database.SortedSetLengthAsync(store.Keys.KvIndex));
    }

    [Fact]
    public async Task UsedBlockThatWouldExpireSoonLivesOn()
    {
        await using var store = KvTestStore.Open(server.Connection, ServerFixture.UniqueName());
        KvChain chain = Chain(blocks: 2);
        await store.SaveAsync(chain, stateBytes: 500);
        IDatabase database = await store.ConnectAsync();
        await database.KeyExpireAsync(store.KeyOf(chain.Blocks[1]), TimeSpan.FromMinutes(1));

        await store.LoadAsync(chain);

        while (await database.KeyTimeToLiveAsync(store.KeyOf(chain.Blocks[1])) < TimeSpan.FromHours(23))
        {
            await Task.Delay(10, Cancellation);
        }

        Assert.InRange((await database.KeyTimeToLiveAsync(store.KeyOf(chain.Blocks[0])))!.Value, TimeSpan.FromHours(23), TimeSpan.FromHours(24));
    }

    [Fact]
    public async Task LeavingTheEnumerationGivesAllBuffersBack()
    {
        var loader = new PinnedContextLoader(maxBuffers: 4);
        await using var store = KvTestStore.Open(server.Connection, ServerFixture.UniqueName(), loader: loader);
        KvChain chain = Chain(blocks: 6);
        await store.SaveAsync(chain, stateBytes: 5000);

        // If each round lost one buffer, the fifth round would wait forever.
        for (int i = 0; i < 5; i++)
        {
            await foreach (LoadedKvBlock loaded in store.Blocks.LoadAsync(chain, 0, 6, Cancellation))
            {
                loaded.Dispose();
                break;
            }
        }

        Assert.Equal(6, (await store.LoadAsync(chain)).Count);
    }

    [Fact]
    public async Task SavingNeverWaits()
    {
        await using var store = KvTestStore.Open(server.Connection, ServerFixture.UniqueName(), maxSaveBuffers: 2);

        using KvBuffer first = store.Blocks.TryRent()!;
        KvBuffer second = store.Blocks.TryRent()!;
        Assert.Null(store.Blocks.TryRent());
        second.Dispose();
        second.Dispose();

        using KvBuffer? third = store.Blocks.TryRent();
        Assert.NotNull(third);
        Assert.Null(store.Blocks.TryRent());
        Assert.Throws<ObjectDisposedException>(() => second.State.Length);
    }

    internal static KvChain Chain(int blocks, int seed = 0, KvIdentity? identity = null) =>
        KvChain.Cut(identity ?? KvTestStore.Identity(), [.. Enumerable.Range(seed * 1000, blocks * 8)], [blocks * 8], 8);

    private static async Task<byte[]> SpoilAsync(KvTestStore store, IDatabase database, KvChain chain, byte[] record, string how)
    {
        switch (how)
        {
            case "flipped":
                record[2000] ^= 4;
                return record;
            case "flipped in the header":
                record[100] ^= 4;
                return record;
            case "of another version":
                record[4] = 2;
                return record;
            case "truncated":
                return record[..^1];
            case "extended":
                return [.. record, 0];
            case "emptied":
                return [];
            case "too large":
                return new byte[(1 << 20) + 1000];
            case "no block at all":
                return new byte[5000];
            default:
                KvIdentity identity = how switch
                {
                    "of another tenant" => KvTestStore.Identity(tenant: "other"),
                    "of another secret" => KvTestStore.Identity(secret: "other"),
                    "of another model" => KvTestStore.Identity(fingerprint: "other"),
                    _ => chain.Identity,
                };
                KvChain other = Chain(blocks: 3, seed: how == "of another block" ? 5 : 0, identity);
                await store.SaveAsync(other, stateBytes: 3000);
                return (await database.StringGetAsync(store.KeyOf(other.Blocks[1])))!;
        }
    }
}
