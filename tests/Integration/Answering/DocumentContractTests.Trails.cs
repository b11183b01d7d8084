using System.Globalization;
using RedisInfer.Errors;
using RedisInfer.Tests.Support;

namespace RedisInfer.Tests.Integration.Answering;

/// <summary>Chunks know where they are, from the file to the passage.</summary>
public abstract partial class DocumentContractTests
{
    private const string Machine = "It has a wheel, a drum and a lamp; part {0} is oiled in week {0} by whoever is on duty, and noted in the book beside the door.\n\n";

    [Fact]
    public async Task PassageIsOfTheSectionThatTheQuestionNames()
    {
        await using RagRuntime runtime = Start();
        string parts = string.Concat(Enumerable.Range(0, 6).Select(i => string.Format(CultureInfo.InvariantCulture, Machine, i)));
        using TempFolder folder = FolderOf(
            ("machines.md", $"# Machines\n\n## Osprey press\n\n{parts}The limit is 310 bar.\n\n## Heron press\n\n{parts}The limit is 520 bar.\n"));
        await runtime.Index.AddDirectoryAsync(folder.Path, cancellationToken: TestEnds).CountAsync(TestEnds);

        RagPassage found = Assert.Single(await SearchAsync(runtime, "What is the limit of the Heron press?", topK: 1));

        Assert.Contains("520", found.Text, StringComparison.Ordinal);
        Assert.Equal("Machines > Heron press", found.Trail);
        RagAnswer answer = await runtime.Generator.GenerateAsync(new RagRequest("What is the limit of the Heron press?") { TopK = 1 }, TestEnds);
        Assert.Equal("Machines > Heron press", Assert.Single(answer.Passages).Trail);
    }

    [Theory]
    [InlineData("limits.md", "# Limits of the units\n\n| unit | timeout in ms | memory in MiB |\n|---|---|---|\n", "| unit-{0:000} | {1} | {2} |\n", "| unit | timeout in ms | memory in MiB |")]
    [InlineData("limits.csv", "unit,timeout in ms,memory in MiB\n", "unit-{0:000},{1},{2}\n", "unit,timeout in ms,memory in MiB")]
    [InlineData("limits.md", "# Limits\n\nThe timeout in ms and the memory of each unit:\n\n", "- unit-{0:000}: {1}, {2}\n", "The timeout in ms and the memory of each unit:")]
    public async Task RowIsFoundUnderItsNames(string name, string head, string row, string names)
    {
        await using RagRuntime runtime = Start();
        using TempFolder folder = FolderOf(
            (name, head + string.Concat(Enumerable.Range(0, 120).Select(i => string.Format(CultureInfo.InvariantCulture, row, i, 1000 + i, 20 + (i % 7))))));
        await runtime.Index.AddDirectoryAsync(folder.Path, cancellationToken: TestEnds).CountAsync(TestEnds);

        RagPassage first = (await SearchAsync(runtime, "What is the timeout in ms of unit-071?", topK: 3))[0];

        Assert.Contains("unit-071", first.Text, StringComparison.Ordinal);
        Assert.Contains(names, first.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CorpusOfAnEarlierChunkerIsRefusedAndRenewedInOneCall()
    {
        using TempFolder first = FolderOf(("guide.md", "# Cranes\n\nThe capstan is red.\n\n## Limits\n\nThe load is 12 tonnes.\n"), ("b.md", "The bollard is grey.\n"));
        using TempFolder second = FolderOf(("guide.md", "# Boats\n\nThe capstan is green.\n\n## Limits\n\nThe load is 7 tonnes.\n"));
        await using (RagRuntime before = StartWith(new RagComponents { Chunker = new OldChunker() }))
        {
            await before.Index.AddDirectoryAsync(first.Path, "a", cancellationToken: TestEnds).CountAsync(TestEnds);
            await before.Index.AddDirectoryAsync(second.Path, "b", cancellationToken: TestEnds).CountAsync(TestEnds);
            await before.Index.AddAsync(new RagDocument("note", "The anchor is blue.") { Tags = ["kept"] }, TestEnds);
        }

        await using RagRuntime after = Start();
        RedisInferException refused = await Assert.ThrowsAsync<RedisInferException>(() => SearchAsync(after, "capstan", topK: 3));
        Assert.Equal(RedisInferErrorCode.IndexMismatch, refused.Code);
        Assert.Contains("IRagIndex.RechunkAsync", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<RedisInferException>(() => after.Index.AddAsync(new RagDocument("new", "text"), TestEnds));
        var reports = new List<IndexingProgress>();

        await after.Index.RechunkAsync(new DirectProgress(reports.Add), TestEnds);

        Assert.Equal((4, 4), (reports[^1].FilesDone, reports[^1].FilesTotal));
        Assert.Equal(["a/b.md", "a/guide.md", "b/guide.md", "note"], await PathsAsync(after));
        RagPassage found = (await SearchAsync(after, "What load do the cranes have?", topK: 1))[0];
        Assert.Equal(("a/guide.md", "Cranes > Limits", 5, 7), (found.Path, found.Trail, found.StartLine, found.EndLine));
        RagRequest tagged = new("anchor") { Filter = new RagFilter { Tags = ["kept"] } };
        Assert.Equal("note", Assert.Single(await after.Index.SearchAsync(tagged, TestEnds)).Path);

        List<IndexedDocument> synchronized = await after.Index.SyncDirectoryAsync(first.Path, "a", cancellationToken: TestEnds).ToListAsync(TestEnds);
        Assert.DoesNotContain(synchronized, document => document.Status is IndexingStatus.Removed or IndexingStatus.Added);
        Assert.Equal(["a/b.md", "a/guide.md", "b/guide.md", "note"], await PathsAsync(after));
        await using RagRuntime late = StartWith(new RagComponents { Chunker = new OldChunker() });
        await Assert.ThrowsAsync<RedisInferException>(() => SearchAsync(late, "capstan", topK: 3));
    }

    [Fact]
    public async Task RenewalThatWasInterruptedLosesNothingAndGoesOn()
    {
        await using (RagRuntime before = StartWith(new RagComponents { Chunker = new OldChunker() }))
        {
            for (int i = 0; i < 5; i++)
                await before.Index.AddAsync(new RagDocument($"{i}.md", $"# Crane {i}\n\nThe capstan {i} is red.\n\nThe bollard {i} is grey.\n"), TestEnds);
        }

        await using RagRuntime after = Start();
        using var stop = new CancellationTokenSource();
        var twoDone = new DirectProgress(progress =>
        {
            if (progress.FilesDone == 2)
                stop.Cancel();
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => after.Index.RechunkAsync(twoDone, stop.Token));
        await Assert.ThrowsAsync<RedisInferException>(() => SearchAsync(after, "capstan", topK: 3));
        await after.Index.RemoveAsync("4.md", TestEnds);

        await after.Index.RechunkAsync(cancellationToken: TestEnds);

        Assert.Equal(["0.md", "1.md", "2.md", "3.md"], await PathsAsync(after));
        RagPassage found = Assert.Single(await SearchAsync(after, "capstan 3", topK: 1));
        Assert.Equal(("3.md", "Crane 3", "# Crane 3\n\nThe capstan 3 is red.\n\nThe bollard 3 is grey."), (found.Path, found.Trail, found.Text));
    }

    private static Task<IReadOnlyList<RagPassage>> SearchAsync(RagRuntime runtime, string question, int topK) =>
        runtime.Index.SearchAsync(new RagRequest(question) { TopK = topK }, TestEnds);

    private sealed class DirectProgress(Action<IndexingProgress> report) : IProgress<IndexingProgress>
    {
        public void Report(IndexingProgress value) => report(value);
    }
}
