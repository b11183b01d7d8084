using RedisInfer.Documents;
using RedisInfer.Errors;
using RedisInfer.Garnet;
using RedisInfer.Tests.Support;

namespace RedisInfer.Benchmarks.Hostile.Kinds;

/// <summary>Documents: texts added by a host, and folders of files of all formats with odd names, bytes and sizes.</summary>
internal sealed class DocumentKind : IHostileKind
{
    private readonly RecordedErrors _errors = new();
    private EmbeddedGarnetServer? _server;
    private RagRuntime? _runtime;

    public async Task PrepareAsync()
    {
        _server = new EmbeddedGarnetServer(new GarnetOptions { InMemory = true, MemoryBytes = HostileHost.ServerBytes });
        RedisInferOptions options = HostileHost.Options(1024);

        // A document that takes long is skipped before it counts as a hang.
        options.DocumentLimits.MaxTime = TimeSpan.FromSeconds(1.5);
        options.DocumentLimits.MaxTextBytes = 4 << 20;
        _runtime = new RagRuntime(
            options, new RagComponents { Connection = _server, LoggerFactory = _errors, DocumentReaders = DocumentReaders.All });
        await _runtime.Index.CountAsync();
    }

    public async Task RunAsync(Random random)
    {
        _errors.Clear();
        List<IndexedDocument> indexed = random.Chance(.5) ? await AddFolderAsync(random)
            : random.Chance(.5) ? [await _runtime!.Index.AddAsync(OddDocuments.Document(random))]
            : await _runtime!.Index.AddAsync(Enumerable.Range(0, 1 + random.Next(4)).Select(_ => OddDocuments.Document(random)).ToAsyncEnumerable())
                .ToListAsync();
        await CheckAsync(random, indexed);
        foreach (IndexedDocument document in indexed.Where(document => document.Path.Length > 0))
        {
            await _runtime!.Index.RemoveAsync(document.Path);
        }

        // A document that fails is logged with what it failed with.
        if (_errors.First is { } error)
        {
            throw error;
        }

        if (indexed.FirstOrDefault(document => document.Status == IndexingStatus.Skipped) is { } skipped)
        {
            throw new RedisInferException(RedisInferErrorCode.DocumentNotReadable, skipped.SkipReason ?? "");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await (_runtime?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_server?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private async Task<List<IndexedDocument>> AddFolderAsync(Random random)
    {
        using var folder = new TempFolder();
        OddDocuments.WriteFolder(random, folder.Path);
        return await _runtime!.Index.AddDirectoryAsync(folder.Path, OddDocuments.Options(random)).ToListAsync();
    }

    private async Task CheckAsync(Random random, List<IndexedDocument> indexed)
    {
        int chunks = indexed.DistinctBy(document => document.Path).Sum(document => document.ChunkCount);
        if (chunks == 0)
        {
            return;
        }

        IReadOnlyList<RagPassage> found = await _runtime!.Index.SearchAsync(
            new RagRequest($"backup {OddValues.Text(random, 100)}") { MinScore = 0, Neighbors = random.Next(3) });
        if (found.FirstOrDefault(passage => passage.StartLine < 1 || passage.EndLine < passage.StartLine || passage.TokenCount < 1) is { } wrong)
        {
            throw new InvalidDataException($"A passage has the lines {wrong.StartLine} to {wrong.EndLine} and {wrong.TokenCount} tokens.");
        }
    }
}
