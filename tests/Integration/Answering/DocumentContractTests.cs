using Microsoft.Extensions.Logging;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Answering;

/// <summary>Indexes folders and documents with structure through the public API, on a real server.</summary>
public abstract partial class DocumentContractTests(ServerFixture server) : RagContract(server)
{
    [Fact]
    public async Task FoldersUnderPrefixesKeepTheirDocumentsOfTheSameNames()
    {
        await using RagRuntime runtime = Start();
        using TempFolder first = FolderOf(("README.md", "The capstan is red."), ("docs/a.md", "The bollard is grey."));
        using TempFolder second = FolderOf(("README.md", "The capstan is green."));
        await runtime.Index.AddAsync(new RagDocument("README.md", "The capstan is blue."), TestEnds);
        await runtime.Index.AddAsync(new RagDocument("repos", "Neither folder contains this."), TestEnds);

        await runtime.Index.AddDirectoryAsync(first.Path, "repos/a", cancellationToken: TestEnds).CountAsync(TestEnds);
        List<IndexedDocument> added = await runtime.Index.AddDirectoryAsync(second.Path, "repos/b/", cancellationToken: TestEnds).ToListAsync(TestEnds);

        Assert.Equal(("repos/b/README.md", IndexingStatus.Added, null), (added[0].Path, added[0].Status, added[0].Warning));
        Assert.Equal(["README.md", "repos", "repos/a/README.md", "repos/a/docs/a.md", "repos/b/README.md"], await PathsAsync(runtime));

        File.Delete(first["docs/a.md"]);
        File.WriteAllText(first["new.md"], "The bollard is black.");
        List<IndexedDocument> synchronized = await runtime.Index.SyncDirectoryAsync(first.Path, "repos/a", cancellationToken: TestEnds).ToListAsync(TestEnds);

        Assert.Equal(
            [("repos/a/README.md", IndexingStatus.Unchanged), ("repos/a/new.md", IndexingStatus.Added), ("repos/a/docs/a.md", IndexingStatus.Removed)],
            synchronized.Select(document => (document.Path, document.Status)));
        Assert.Equal(["README.md", "repos", "repos/a/README.md", "repos/a/new.md", "repos/b/README.md"], await PathsAsync(runtime));
    }

    [Fact]
    public async Task PrefixKeepsWhatCannotBeReadNow()
    {
        await using RagRuntime runtime = Start();
        using TempFolder folder = FolderOf(("a.md", "The capstan is red."), ("b.md", "The bollard is grey."));
        await runtime.Index.SyncDirectoryAsync(folder.Path, "a", cancellationToken: TestEnds).CountAsync(TestEnds);
        File.WriteAllBytes(folder["a.md"], [1, 0, 2]);

        await runtime.Index.SyncDirectoryAsync(folder.Path, "a", cancellationToken: TestEnds).CountAsync(TestEnds);

        Assert.Equal(["a/a.md", "a/b.md"], await PathsAsync(runtime));
    }

    [Theory]
    [InlineData("/a")]
    [InlineData("a//b")]
    [InlineData("../a")]
    [InlineData("a/./b")]
    [InlineData("a\\b")]
    [InlineData("/")]
    public async Task PrefixThatIsNoPathIsRefused(string prefix)
    {
        await using RagRuntime runtime = Start();
        using TempFolder folder = FolderOf(("a.md", "The capstan is red."));

        ArgumentException refused = await Assert.ThrowsAsync<ArgumentException>(
            async () => await runtime.Index.AddDirectoryAsync(folder.Path, prefix, cancellationToken: TestEnds).CountAsync(TestEnds));

        Assert.Contains($"'{prefix}' is not a prefix", refused.Message, StringComparison.Ordinal);
        Assert.Empty(await PathsAsync(runtime));
    }

    [Fact]
    public async Task FolderThatReplacesDocumentsOfAnotherFolderWarns()
    {
        using var log = new RecordingLog();
        await using RagRuntime runtime = StartWith(new RagComponents { LoggerFactory = log });
        using TempFolder first = FolderOf(("LICENSE.md", "All may use it."), ("README.md", "The capstan is red."), ("own.md", "The bollard is grey."));
        using TempFolder second = FolderOf(("LICENSE.md", "All may use it."), ("README.md", "The capstan is green."));
        await runtime.Index.AddDirectoryAsync(first.Path, cancellationToken: TestEnds).CountAsync(TestEnds);
        File.WriteAllText(first["own.md"], "The bollard is black.");

        List<IndexedDocument> again = await runtime.Index.AddDirectoryAsync(first.Path + "/", cancellationToken: TestEnds).ToListAsync(TestEnds);
        List<IndexedDocument> other = await runtime.Index.AddDirectoryAsync(second.Path, cancellationToken: TestEnds).ToListAsync(TestEnds);

        Assert.All(again, document => Assert.Null(document.Warning));
        IndexedDocument warned = Assert.Single(other, document => document.Warning is not null);
        Assert.Equal(("README.md", IndexingStatus.Updated), (warned.Path, warned.Status));
        Assert.Contains($"'{first.Path}'", warned.Warning, StringComparison.Ordinal);
        Assert.Contains("prefix", warned.Warning, StringComparison.Ordinal);
        RecordingLog.Entry logged = Assert.Single(log.Entries, entry => entry.Level == LogLevel.Warning);
        Assert.Contains(warned.Warning!, logged.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EncodingOfAFileIsReportedAndKept()
    {
        await using RagRuntime runtime = Start();
        using TempFolder folder = FolderOf(("utf8.md", "Das Büro der Werft ist geschlossen."));
        File.WriteAllBytes(folder["latin.md"], [.. "Das B"u8, 0xFC, .. "ro der Hafenaufsicht ist offen."u8]);
        await runtime.Index.AddAsync(new RagDocument("made.md", "The capstan is red."), TestEnds);

        List<IndexedDocument> indexed = await runtime.Index.AddDirectoryAsync(folder.Path, cancellationToken: TestEnds).ToListAsync(TestEnds);
        List<IndexedDocument> again = await runtime.Index.AddDirectoryAsync(folder.Path, cancellationToken: TestEnds).ToListAsync(TestEnds);

        Assert.Equal(["windows-1252", "utf-8"], indexed.Select(document => document.Encoding));
        Assert.Equal(["windows-1252", "utf-8"], again.Select(document => document.Encoding));
        Assert.All(again, document => Assert.Equal(IndexingStatus.Unchanged, document.Status));
        List<DocumentInfo> listed = await runtime.Index.ListAsync(TestEnds).ToListAsync(TestEnds);
        Assert.Equal(
            [("latin.md", "windows-1252"), ("made.md", null), ("utf8.md", "utf-8")],
            listed.Select(document => (document.Path, document.Encoding)).OrderBy(document => document.Path, StringComparer.Ordinal));
        IReadOnlyList<RagPassage> found = await runtime.Index.SearchAsync(new RagRequest("Wann ist das Büro der Hafenaufsicht offen?"), TestEnds);
        Assert.Contains("Büro der Hafenaufsicht", found[0].Text, StringComparison.Ordinal);

        // The same text in another encoding is a new version, of which no chunk is written.
        File.WriteAllText(folder["latin.md"], "Das Büro der Hafenaufsicht ist offen.");
        IndexedDocument saved = (await runtime.Index.AddDirectoryAsync(folder.Path, cancellationToken: TestEnds).ToListAsync(TestEnds))[0];
        Assert.Equal((IndexingStatus.Updated, 0, "utf-8"), (saved.Status, saved.WrittenChunkCount, saved.Encoding));
    }

    private static TempFolder FolderOf(params (string Path, string Text)[] files)
    {
        var folder = new TempFolder();
        foreach ((string path, string text) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder[path])!);
            File.WriteAllText(folder[path], text);
        }

        return folder;
    }

    private static async Task<string[]> PathsAsync(RagRuntime runtime) =>
        [.. (await runtime.Index.ListAsync(TestEnds).ToListAsync(TestEnds)).Select(document => document.Path).Order(StringComparer.Ordinal)];
}
