using RedisInfer.Corpus.Records;
using RedisInfer.Errors;
using RedisInfer.Prompting;
using RedisInfer.Redis;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Corpus;

/// <summary>Users with only the rights that docs/REDIS_FORMAT.md lists.</summary>
public sealed class RestrictedUserTests
{
    // In the order of the page: all rights except those for Vector Sets, the rights for Vector Sets, the rights to ask.
    private static readonly string[] Listed = ReadRights();

    public static TheoryData<RedisVersion, string, bool> Writers => new()
    {
        { RedisVersion.V8, Listed[0] + " " + Listed[1], true },
        { RedisVersion.V8, Listed[0], false },
        { RedisVersion.V7, Listed[0], false },
        { RedisVersion.Valkey, Listed[0], false },
    };

    public static TheoryData<RedisVersion, string> Readers => new()
    {
        { RedisVersion.V8, Listed[2] },
        { RedisVersion.V7, Listed[2].Replace(" +vsim +vemb +vcard", "", StringComparison.Ordinal) },
        { RedisVersion.Valkey, Listed[2].Replace(" +vsim +vemb +vcard", "", StringComparison.Ordinal) },
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Writers))]
    public async Task UserWithTheListedRightsCanDoEverything(RedisVersion version, string rights, bool hasVectorSets)
    {
        await using RedisServer server = await StartAsync(version, $"user rag on >secret ~{{docs}}:* {rights}");
        await using var source = new RedisConnectionSource(server.EndPoint + ",user=rag,password=secret");
        using TestCorpus corpus = await TestCorpus.OpenAsync(await source.ConnectAsync(Cancellation), "docs");

        await corpus.WriteAsync("a", 0, "old 0", "old 1");
        await corpus.WriteAsync("a", 0, "new");
        await corpus.WriteAsync("b", 1, "b");
        Passage found = Assert.Single(await corpus.SearchAsync(0));
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
        (string product, string release) = version == RedisVersion.Valkey ? ("valkey", "8.") : ("redis", $"{(int)version}.");
        Assert.Equal(product, corpus.Store.Capabilities.Product);
        Assert.StartsWith(release, corpus.Store.Capabilities.Version, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public async Task UserWhoMayOnlyAskCanAskAndIsToldWhichRightIsMissing(RedisVersion version, string rights)
    {
        await using RedisServer server = await StartAsync(version, $"user reader on >secret ~{{docs}}:* {rights}");
        await using var admin = new RedisConnectionSource(server.Configuration);
        using TestCorpus made = await TestCorpus.OpenAsync(await admin.ConnectAsync(Cancellation), "docs");
        await made.WriteAsync("a", 0, "a");
        await using var source = new RedisConnectionSource(server.EndPoint + ",user=reader,password=secret");
        using TestCorpus corpus = await TestCorpus.OpenAsync(await source.ConnectAsync(Cancellation), "docs");

        await corpus.Store.CheckIdentityAsync(TestCorpus.Identity, Cancellation);
        Assert.Single(await corpus.SearchAsync(0));
        Assert.NotNull(await corpus.Store.FindAsync("a", Cancellation));
        await corpus.Store.CountAsync(Cancellation);
        RedisInferException e = await Assert.ThrowsAsync<RedisInferException>(() => corpus.WriteAsync("a", 0, "b"));

        Assert.Equal(RedisInferErrorCode.StoreUnavailable, e.Code);
        Assert.Contains("NOPERM", e.Message, StringComparison.Ordinal);
        Assert.Contains("REDIS_FORMAT.md", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CorpusInAVectorSetIsRefusedToAUserWithoutThem()
    {
        await using RedisServer server = await StartAsync(RedisVersion.V8, $"user rag on >secret ~{{docs}}:* {Listed[0]}");
        await using var admin = new RedisConnectionSource(server.Configuration);
        using TestCorpus made = await TestCorpus.OpenAsync(await admin.ConnectAsync(Cancellation), "docs");
        await made.WriteAsync("a", 0, "a");
        await using var source = new RedisConnectionSource(server.EndPoint + ",user=rag,password=secret");
        using TestCorpus corpus = await TestCorpus.OpenAsync(await source.ConnectAsync(Cancellation), "docs");

        RedisInferException e = await Assert.ThrowsAsync<RedisInferException>(() => corpus.SearchAsync(0));

        Assert.Equal(RedisInferErrorCode.StoreUnavailable, e.Code);
        Assert.Contains("Vector Set", e.Message, StringComparison.Ordinal);
    }

    private static Task<RedisServer> StartAsync(RedisVersion version, string user) =>
        RedisServer.StartOrSkipAsync(version, new RedisServerOptions { AclRules = ["user default on nopass ~* &* +@all", user] });

    private static string[] ReadRights()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "REDIS_FORMAT.md"));
        string section = page[page.IndexOf("## Rights", StringComparison.Ordinal)..];
        string[] lines = [.. section.Split('\n').Select(line => line.Trim('`', '.', ' ', '\r')).Where(line => line.StartsWith('+'))];
        return [string.Join(' ', lines[..^2]), lines[^2], lines[^1]];
    }
}
