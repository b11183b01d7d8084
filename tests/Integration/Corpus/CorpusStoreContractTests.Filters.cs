using RedisInfer.Corpus.Records;
using RedisInfer.Prompting;

namespace RedisInfer.Tests.Integration.Corpus;

public abstract partial class CorpusStoreContractTests
{
    public static TheoryData<RetrievalMode> Modes => [RetrievalMode.Hybrid, RetrievalMode.Lexical, RetrievalMode.Vector];

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task FilterLetsThroughWhatItNamesAndNothingElse(RetrievalMode mode)
    {
        using TestCorpus corpus = await OpenAsync();
        await corpus.WriteAsync("guides/a.md", 0, Labels(["public", "de"], ("team", "quay")), "tide table a");
        await corpus.WriteAsync("guides/deep/b.md", 0, Labels(["public"], ("team", "deck")), "tide table b");
        await corpus.WriteAsync("notes/c.txt", 0, DocumentLabels.None, "tide table c");

        Assert.Equal(["guides/a.md", "guides/deep/b.md", "notes/c.txt"], await FindAsync(new RagFilter()));
        Assert.Equal(["guides/a.md", "guides/deep/b.md"], await FindAsync(new RagFilter { Paths = ["guides/**"] }));
        Assert.Equal(["guides/a.md"], await FindAsync(new RagFilter { Paths = ["/guides/*.md"] }));
        Assert.Equal(["guides/a.md", "notes/c.txt"], await FindAsync(new RagFilter { Paths = ["a.md", "*.txt"] }));
        Assert.Equal(["guides/a.md"], await FindAsync(new RagFilter { Tags = ["public", "de"] }));
        Assert.Equal(["guides/deep/b.md"], await FindAsync(new RagFilter { Metadata = new Dictionary<string, string> { ["team"] = "deck" } }));
        Assert.Empty(await FindAsync(new RagFilter { Tags = ["public"], Paths = ["notes/*"] }));

        async Task<IEnumerable<string>> FindAsync(RagFilter filter) => await PathsAsync(corpus, mode, filter);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task FilterThatFewOrManyOfManyDocumentsPassFindsTheirBest(RetrievalMode mode)
    {
        using TestCorpus corpus = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 600).Select(i => corpus.WriteAsync(
            $"d{i:000}", i % 2 == 0 ? 0 : 1, Labels([i % 100 == 1 ? "few" : "many"]), i % 2 == 0 ? $"tide table {i}" : $"tide {i}")));

        // The documents tagged 'few' rank after 300 nearer ones.
        IReadOnlyList<Passage> few = await corpus.FindAsync(Query("tide table", mode) with { Filter = new RagFilter { Tags = ["few"] }, TopK = 20 });
        IReadOnlyList<Passage> many = await corpus.FindAsync(Query("tide table", mode) with { Filter = new RagFilter { Tags = ["many"] }, TopK = 20 });

        Assert.Equal(Enumerable.Range(0, 6).Select(i => $"d{(100 * i) + 1:000}"), few.Select(chunk => chunk.Path).Order(StringComparer.Ordinal));
        Assert.Equal(20, many.Count);
        Assert.All(many, chunk => Assert.Equal(0, int.Parse(chunk.Path[1..], System.Globalization.CultureInfo.InvariantCulture) % 2));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task ValuesOfAFilterAreDataWhateverTheyLookLike(RetrievalMode mode)
    {
        using TestCorpus corpus = await OpenAsync();
        string[] hostile = ["\" or 1==1 or \"", "] or .g > 0 or .g in [0", "a b\nc", "{\"tags\":[]}", "日本", "*", "\\", "'"];
        for (int i = 0; i < hostile.Length; i++)
        {
            await corpus.WriteAsync($"{i}.md", 0, Labels([hostile[i]], (hostile[i], hostile[i])), $"tide {i}");
        }

        await corpus.WriteAsync("other.md", 0, Labels(["other"]), "tide of others");
        for (int i = 0; i < hostile.Length; i++)
        {
            Assert.Equal([$"{i}.md"], await PathsAsync(corpus, mode, new RagFilter { Tags = [hostile[i]] }));
            Assert.Equal(
                [$"{i}.md"],
                await PathsAsync(corpus, mode, new RagFilter { Metadata = new Dictionary<string, string> { [hostile[i]] = hostile[i] } }));
        }

        Assert.Empty(await PathsAsync(corpus, mode, new RagFilter { Tags = ["\" or \"\" == \""] }));
    }

    [Fact]
    public async Task FilterSeesTheLabelsOfTheGenerationItFinds()
    {
        using TestCorpus corpus = await OpenAsync();
        await corpus.WriteAsync("a", 0, Labels(["draft"]), "tide");
        Assert.Single(await PathsAsync(corpus, RetrievalMode.Hybrid, new RagFilter { Tags = ["draft"] }));

        await corpus.WriteAsync("a", 0, Labels(["final"]), "tide");

        Assert.Empty(await PathsAsync(corpus, RetrievalMode.Hybrid, new RagFilter { Tags = ["draft"] }));
        Assert.Single(await PathsAsync(corpus, RetrievalMode.Hybrid, new RagFilter { Tags = ["final"] }));
    }

    private static async Task<IEnumerable<string>> PathsAsync(TestCorpus corpus, RetrievalMode mode, RagFilter filter) =>
        (await corpus.FindAsync(Query("tide table", mode) with { Filter = filter })).Select(chunk => chunk.Path).Order(StringComparer.Ordinal);

    private static DocumentLabels Labels(string[] tags, params (string Name, string Value)[] metadata) =>
        DocumentLabels.Of(tags, metadata.ToDictionary(pair => pair.Name, pair => pair.Value));
}
