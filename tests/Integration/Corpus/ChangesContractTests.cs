using RedisInfer.Prompting;
using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Corpus;

/// <summary>How the copy of the manifest in a process follows the changes of other processes.</summary>
public abstract class ChangesContractTests(ServerFixture server)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OnlyTheEntriesThatHaveChangedAreRead()
    {
        using TestCorpus corpus = await OpenAsync();
        await corpus.WriteAsync("a", 0, "old a");
        await corpus.WriteAsync("b", 0, "b");
        await corpus.WriteAsync("c", 0, "c");
        using TestCorpus other = await corpus.OpenAnotherAsync();
        Assert.Equal(3, (await corpus.SearchAsync(0)).Count);

        // If the entry of b were read again, the document would be lost.
        await corpus.Database.HashSetAsync(corpus.Keys.Manifest, "b", "damaged");
        await other.WriteAsync("a", 0, "new a");
        await other.WriteAsync("d", 0, "d");
        await other.Store.RemoveAsync("c", Cancellation);

        Assert.Equal(["b", "d", "new a"], Texts(await corpus.SearchAsync(0)));
    }

    [Fact]
    public async Task AfterMoreChangesThanAreKeptTheWholeManifestIsRead()
    {
        using TestCorpus corpus = await OpenAsync();
        await corpus.WriteAsync("a", 0, "a");
        await corpus.WriteAsync("b", 0, "b");
        using TestCorpus other = await corpus.OpenAnotherAsync();
        Assert.Equal(["a", "b"], Texts(await corpus.SearchAsync(0)));

        await other.WriteAsync("b", 0, "new b");
        await corpus.Database.ListTrimAsync(corpus.Keys.Changes, 1, -1);
        Assert.Equal(["a", "new b"], Texts(await corpus.SearchAsync(0)));

        await corpus.Database.KeyDeleteAsync(corpus.Keys.Changes);
        await other.WriteAsync("c", 0, "c");
        await other.Store.RemoveAsync("a", Cancellation);
        Assert.Equal(["c", "new b"], Texts(await corpus.SearchAsync(0)));
    }

    [Fact]
    public async Task ChangesOfAReleaseThatNotesNoneAreSeen()
    {
        using TestCorpus corpus = await OpenAsync();
        await corpus.WriteAsync("a", 0, "a");
        await corpus.WriteAsync("b", 0, "b");
        using TestCorpus other = await corpus.OpenAnotherAsync();
        Assert.Equal(["a", "b"], Texts(await corpus.SearchAsync(0)));

        await other.WriteAsync("c", 0, "c");
        await corpus.Database.HashDeleteAsync(corpus.Keys.Manifest, "a");
        await corpus.Database.StringIncrementAsync(corpus.Keys.Revision, 7);

        Assert.Equal(["b", "c"], Texts(await corpus.SearchAsync(0)));
    }

    [Fact]
    public async Task CorpusThatWasClearedAndMadeAgainIsFollowedFromItsBeginning()
    {
        using TestCorpus corpus = await OpenAsync();
        await corpus.WriteAsync("a", 0, "a");
        using TestCorpus other = await corpus.OpenAnotherAsync();
        Assert.Equal(["a"], Texts(await corpus.SearchAsync(0)));

        await other.Store.ClearAsync(Cancellation);
        Assert.Empty(await corpus.SearchAsync(0));
        await other.WriteAsync("b", 0, "b");
        await other.WriteAsync("c", 0, "c");

        Assert.Equal(["b", "c"], Texts(await corpus.SearchAsync(0)));
    }

    private static string[] Texts(IEnumerable<Passage> passages) => [.. passages.Select(passage => passage.Text).Order(StringComparer.Ordinal)];

    private async Task<TestCorpus> OpenAsync() => await TestCorpus.OpenAsync(await server.ConnectAsync());
}
