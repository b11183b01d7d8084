using RedisInfer.Errors;
using RedisInfer.Redis;
using RedisInfer.Retrieval;
using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Store;

/// <summary>Users with no more rights than docs/REDIS_FORMAT.md lists.</summary>
public sealed class RestrictedUserTests
{
    private const string Rights =
        "+@connection +@transaction +get +set +setex +psetex +mget +incr +incrby +del +unlink +exists +expire +pexpire +rename "
        + "+hget +hmget +hgetall +hset +hmset +hdel +hvals +hscan +hexists";

    private const string VectorRights = "+vadd +vrem +vsim +vcard";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(RedisVersion.V8, Rights + " " + VectorRights, true)]
    [InlineData(RedisVersion.V8, Rights, false)]
    [InlineData(RedisVersion.V7, Rights, false)]
    public async Task UserWithTheListedRightsCanDoEverything(RedisVersion version, string rights, bool hasVectorSets)
    {
        await using RedisServer server = await StartAsync(version, $"user rag on >secret ~{{docs}}:* {rights}");
        await using var source = new RedisConnectionSource(server.EndPoint + ",user=rag,password=secret");
        using Corpus corpus = await Corpus.OpenAsync(await source.ConnectAsync(Cancellation), "docs");

        await corpus.WriteAsync("a", 0, "old 0", "old 1");
        await corpus.WriteAsync("a", 0, "new");
        await corpus.WriteAsync("b", 1, "b");
        RetrievedChunk found = Assert.Single(await corpus.SearchAsync(0));
        Assert.True(await corpus.Store.RemoveAsync("b", Cancellation));
        (long documents, _, _) = await corpus.Store.CountAsync(Cancellation);
        Assert.Equal(0, await corpus.Store.CleanUpAbandonedAsync(Cancellation));
        int listed = 0;
        await foreach (ManifestEntry _ in corpus.Store.ListAsync(Cancellation))
        {
            listed++;
        }

        await corpus.Store.ClearAsync(Cancellation);

        Assert.Equal("new", found.Text);
        Assert.Equal((1L, 1), (documents, listed));
        Assert.Empty(await corpus.SearchAsync(0));
        Assert.Equal(hasVectorSets, corpus.Store.Capabilities.HasVectorSets);
        Assert.Equal("redis", corpus.Store.Capabilities.Product);
        Assert.StartsWith($"{(int)version}.", corpus.Store.Capabilities.Version, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RedisVersion.V8)]
    [InlineData(RedisVersion.V7)]
    public async Task UserWhoMayNotWriteIsToldWhichRightIsMissing(RedisVersion version)
    {
        await using RedisServer server = await StartAsync(version, "user reader on >secret ~{docs}:* +@connection +@read");
        await using var source = new RedisConnectionSource(server.EndPoint + ",user=reader,password=secret");
        using Corpus corpus = await Corpus.OpenAsync(await source.ConnectAsync(Cancellation), "docs");

        Assert.Empty(await corpus.SearchAsync(0));
        RedisInferException e = await Assert.ThrowsAsync<RedisInferException>(() => corpus.WriteAsync("a", 0, "a"));

        Assert.Equal(RedisInferErrorCode.StoreUnavailable, e.Code);
        Assert.Contains("NOPERM", e.Message, StringComparison.Ordinal);
        Assert.Contains("REDIS_FORMAT.md", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CorpusInAVectorSetIsRefusedToAUserWithoutThem()
    {
        await using RedisServer server = await StartAsync(RedisVersion.V8, $"user rag on >secret ~{{docs}}:* {Rights}");
        await using var admin = new RedisConnectionSource(server.Configuration);
        using Corpus made = await Corpus.OpenAsync(await admin.ConnectAsync(Cancellation), "docs");
        await made.WriteAsync("a", 0, "a");
        await using var source = new RedisConnectionSource(server.EndPoint + ",user=rag,password=secret");
        using Corpus corpus = await Corpus.OpenAsync(await source.ConnectAsync(Cancellation), "docs");

        RedisInferException e = await Assert.ThrowsAsync<RedisInferException>(() => corpus.SearchAsync(0));

        Assert.Equal(RedisInferErrorCode.StoreUnavailable, e.Code);
        Assert.Contains("Vector Set", e.Message, StringComparison.Ordinal);
    }

    private static Task<RedisServer> StartAsync(RedisVersion version, string user) =>
        RedisServer.StartOrSkipAsync(version, new RedisServerOptions { AclRules = ["user default on nopass ~* &* +@all", user] });
}
