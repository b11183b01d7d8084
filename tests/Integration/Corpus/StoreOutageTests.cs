using System.Globalization;
using RedisInfer.Errors;
using RedisInfer.Redis;
using RedisInfer.Tests.Support.Servers;
using StackExchange.Redis;

namespace RedisInfer.Tests.Integration.Corpus;

/// <summary>Servers that refuse commands, vanish, or are only read.</summary>
public sealed class StoreOutageTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(RedisVersion.V8)]
    [InlineData(RedisVersion.V7)]
    [InlineData(RedisVersion.Valkey)]
    public async Task LookingUpAndAskingWriteNothing(RedisVersion version)
    {
        await using RedisServer server = await RedisServer.StartOrSkipAsync(version);
        await using var source = new RedisConnectionSource(server.Configuration);
        IConnectionMultiplexer connection = await source.ConnectAsync(Cancellation);
        using TestCorpus corpus = await TestCorpus.OpenAsync(connection);
        await corpus.WriteAsync("a", 0, "a 0", "a 1");
        long before = await ChangesAsync();

        using TestCorpus another = await corpus.OpenAnotherAsync();
        await another.Store.CheckIdentityAsync(TestCorpus.Identity, Cancellation);
        Assert.Equal(0, await another.Store.CleanUpAbandonedAsync(Cancellation));
        Assert.NotNull(await another.Store.FindAsync("a", Cancellation));
        await another.Store.CountAsync(Cancellation);
        Assert.Equal(2, (await another.SearchAsync(0)).Count);

        Assert.Equal(before, await ChangesAsync());
        await another.WriteAsync("b", 0, "b");
        Assert.NotEqual(before, await ChangesAsync());

        async Task<long> ChangesAsync()
        {
            IGrouping<string, KeyValuePair<string, string>>[] info = await connection.GetServers().Single().InfoAsync("persistence");
            string changes = info.SelectMany(section => section).Single(pair => pair.Key == "rdb_changes_since_last_save").Value;
            return long.Parse(changes, CultureInfo.InvariantCulture);
        }
    }

    [Theory]
    [InlineData(RedisVersion.V8)]
    [InlineData(RedisVersion.V7)]
    [InlineData(RedisVersion.Valkey)]
    public async Task FullServerRefusesADocumentAndKeepsTheOldOne(RedisVersion version)
    {
        await using RedisServer server = await RedisServer.StartOrSkipAsync(
            version, new RedisServerOptions { MaxMemory = "24mb", MaxMemoryPolicy = "noeviction" });
        await using var source = new RedisConnectionSource(server.Configuration);
        using TestCorpus corpus = await TestCorpus.OpenAsync(await source.ConnectAsync(Cancellation));
        await corpus.WriteAsync("a", 0, "old");
        string large = new('x', 200_000);

        RedisInferException e = await Assert.ThrowsAsync<RedisInferException>(
            () => corpus.WriteAsync("a", 0, [.. Enumerable.Range(0, 60).Select(_ => large)]));

        Assert.Equal(RedisInferErrorCode.OverBudget, e.Code);
        Assert.Contains("maxmemory", e.Message, StringComparison.Ordinal);
        Assert.Equal("old", Assert.Single(await corpus.SearchAsync(0)).Text);
    }

    [Theory]
    [InlineData(RedisVersion.V8)]
    [InlineData(RedisVersion.V7)]
    [InlineData(RedisVersion.Valkey)]
    public async Task ServerThatRefusesOnlyTheAnnouncementGetsNothingOfTheDocument(RedisVersion version)
    {
        // A user without the right to announce sees what a full server may do: it refuses one command and accepts the next.
        const string keys = "~{docs}:[0-9]* ~{docs}:meta ~{docs}:manifest ~{docs}:generation ~{docs}:revision ~{docs}:changes ~{docs}:writer:* ~{docs}:change:*";
        await using RedisServer server = await RedisServer.StartOrSkipAsync(
            version, new RedisServerOptions { AclRules = ["user default on nopass ~* &* +@all", $"user rag on >secret {keys} +@all"] });
        await using var source = new RedisConnectionSource(server.EndPoint + ",user=rag,password=secret");
        await using var admin = new RedisConnectionSource(server.Configuration);
        using TestCorpus corpus = await TestCorpus.OpenAsync(await source.ConnectAsync(Cancellation), "docs");
        using TestCorpus all = await TestCorpus.OpenAsync(await admin.ConnectAsync(Cancellation), "docs");

        RedisInferException e = await Assert.ThrowsAsync<RedisInferException>(() => corpus.WriteAsync("a", 0, "new 0", "new 1"));

        Assert.Contains("NOPERM", e.Message, StringComparison.Ordinal);
        await CorpusStoreContractTests.AssertEveryKeyIsAccountedForAsync(all);
    }

    [Theory]
    [InlineData(RedisVersion.V8)]
    [InlineData(RedisVersion.V7)]
    [InlineData(RedisVersion.Valkey)]
    public async Task VanishedServerIsUnavailableAndWorksAgainWhenItIsBack(RedisVersion version)
    {
        RedisServer server = await RedisServer.StartOrSkipAsync(version);
        await using var source = new RedisConnectionSource(server.Configuration + ",asyncTimeout=2000,connectTimeout=1000");
        using TestCorpus corpus = await TestCorpus.OpenAsync(await source.ConnectAsync(Cancellation));
        await corpus.WriteAsync("a", 0, "a");
        int port = server.Port;
        await server.DisposeAsync();

        RedisInferException atSearch = await Assert.ThrowsAsync<RedisInferException>(() => corpus.SearchAsync(0));
        RedisInferException atWrite = await Assert.ThrowsAsync<RedisInferException>(() => corpus.WriteAsync("b", 0, "b"));

        Assert.All([atSearch, atWrite], e => Assert.Equal(RedisInferErrorCode.StoreUnavailable, e.Code));
        Assert.Contains("127.0.0.1", atSearch.Message, StringComparison.Ordinal);

        // The new server is empty, so the corpus is empty too. The same store can write it again.
        await using RedisServer back = await RedisServer.StartAsync(version, new RedisServerOptions { Port = port }, Cancellation);
        while (!corpus.Connection.GetServers().Single().IsConnected)
        {
            await Task.Delay(50, Cancellation);
        }

        Assert.Empty(await corpus.SearchAsync(0));
        await corpus.WriteAsync("b", 0, "b");
        Assert.Equal("b", Assert.Single(await corpus.SearchAsync(0)).Path);
    }
}
