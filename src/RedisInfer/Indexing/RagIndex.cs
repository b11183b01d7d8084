using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using RedisInfer.Chunking;
using RedisInfer.Corpus;
using RedisInfer.Corpus.Records;
using RedisInfer.Embedding;
using RedisInfer.Errors;
using RedisInfer.Folders;
using RedisInfer.Inference;
using RedisInfer.Retrieval;
using RedisInfer.Telemetry;

namespace RedisInfer.Indexing;

/// <summary>Chunks, tokenizes, embeds and stores documents. Skips unchanged documents.</summary>
internal sealed partial class RagIndex(
    CorpusAccess corpus, PassageSearch search, DocumentFileReader files, IChunker chunker, TimeProvider time, ILogger<RagIndex> logger) : IRagIndex
{
    private const int MaxPathLength = 1024;

    public async IAsyncEnumerable<IndexedDocument> AddAsync(
        IAsyncEnumerable<RagDocument> documents, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(documents);
        using Activity? trace = RagActivities.Start(RagActivities.Index);
        IndexingRun run = await StartRunAsync(RetriesOfARun(), trace, cancellationToken).ConfigureAwait(false);
        IAsyncEnumerable<DocumentEntry> entries = documents.Select(document => new DocumentEntry(document?.Path ?? "", document, null, 0));
        await foreach ((IndexedDocument indexed, _) in IndexAsync(run, entries, mayWait: false, cancellationToken).ConfigureAwait(false))
        {
            yield return indexed;
        }
    }

    public async Task<IndexedDocument> AddAsync(RagDocument document, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(document);
        if (FindProblem(document) is { } problem)
        {
            throw new ArgumentException(problem, nameof(document));
        }

        // The caller waits for this document alone, and can try again.
        using Activity? trace = RagActivities.Start(RagActivities.Index);
        IndexingRun run = await StartRunAsync(new OutageRetries(maxRetries: 0, time, logger), trace, cancellationToken).ConfigureAwait(false);
        IndexedDocument indexed = await (await run.IndexAsync([document], cancellationToken).ConfigureAwait(false))[0].ConfigureAwait(false);
        await run.LearnAsync(cancellationToken).ConfigureAwait(false);
        return indexed;
    }

    public IAsyncEnumerable<IndexedDocument> AddDirectoryAsync(
        string directory,
        FileTreeOptions? options = null,
        IProgress<IndexingProgress>? progress = null,
        CancellationToken cancellationToken = default) => AddDirectoryAsync(directory, prefix: "", options, progress, cancellationToken);

    public async IAsyncEnumerable<IndexedDocument> AddDirectoryAsync(
        string directory,
        string prefix,
        FileTreeOptions? options = null,
        IProgress<IndexingProgress>? progress = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        prefix = PathPrefix.Of(prefix);
        await foreach ((IndexedDocument indexed, _) in
            IndexDirectoryAsync(directory, prefix, options, progress, cancellationToken).ConfigureAwait(false))
        {
            if (indexed.Warning is not null)
            {
                LogWarning(indexed.Path, indexed.Warning);
            }

            yield return indexed;
        }
    }

    public IAsyncEnumerable<IndexedDocument> SyncDirectoryAsync(
        string directory,
        FileTreeOptions? options = null,
        IProgress<IndexingProgress>? progress = null,
        CancellationToken cancellationToken = default) => SyncDirectoryAsync(directory, prefix: "", options, progress, cancellationToken);

    public async IAsyncEnumerable<IndexedDocument> SyncDirectoryAsync(
        string directory,
        string prefix,
        FileTreeOptions? options = null,
        IProgress<IndexingProgress>? progress = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        prefix = PathPrefix.Of(prefix);
        var present = new PresentPaths();
        await foreach ((IndexedDocument indexed, DocumentEntry entry) in
            IndexDirectoryAsync(directory, prefix, options, progress, cancellationToken).ConfigureAwait(false))
        {
            if (entry.SkipReason is null || entry.IsUnreadable)
            {
                present.Add(entry.Path);
            }

            // To replace what another folder gave is what the caller wants.
            yield return indexed with { Warning = null };
        }

        List<DocumentInfo> listed = await RetriesOfARun().RunAsync(
            async () => await ListAsync(cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false),
            cancellationToken).ConfigureAwait(false);
        foreach (string path in listed.Select(document => document.Path).Distinct().Order(StringComparer.Ordinal))
        {
            if (path.StartsWith(prefix, StringComparison.Ordinal) && !present.Covers(path))
            {
                yield return await FinishAsync(path, RemoveGoneAsync(path, cancellationToken), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public async IAsyncEnumerable<ScannedFile> ScanDirectoryAsync(
        string directory, FileTreeOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (DocumentEntry entry in FileTree.ListAsync(directory, files, options, cancellationToken).ConfigureAwait(false))
        {
            string? problem = entry.SkipReason ?? FindProblem(entry.Document);
            yield return new ScannedFile(entry.Path, entry.Bytes, problem)
            {
                MediaType = problem is null ? entry.Document!.MediaType : null,
                Encoding = problem is null ? entry.Document!.Encoding : null,
                IsLeftOut = entry.IsLeftOut,
            };
        }
    }

    public async Task<bool> RemoveAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        CorpusStore store = await corpus.GetStoreAsync(cancellationToken).ConfigureAwait(false);
        return await store.RemoveAsync(path, cancellationToken).ConfigureAwait(false);
    }

    public async IAsyncEnumerable<DocumentInfo> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        CorpusStore store = await corpus.GetStoreAsync(cancellationToken).ConfigureAwait(false);
        await foreach (ManifestEntry entry in store.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return new DocumentInfo(entry.Path, entry.ChunkCount, entry.TokenCount, entry.IndexedAt) { Encoding = entry.Labels.Encoding };
        }
    }

    public async Task<IndexCount> CountAsync(CancellationToken cancellationToken = default)
    {
        CorpusStore store = await corpus.GetStoreAsync(cancellationToken).ConfigureAwait(false);
        (long documents, long chunks, long tokens) = await store.CountAsync(cancellationToken).ConfigureAwait(false);
        return new IndexCount(documents, chunks, tokens);
    }

    public async Task<IReadOnlyList<RagPassage>> SearchAsync(RagRequest request, CancellationToken cancellationToken = default)
    {
        search.ThrowIfInvalid(request);
        RetrievalResult found = await search.FindAsync(request, cancellationToken).ConfigureAwait(false);
        return [.. found.Passages.Select((passage, i) => passage.ToRagPassage(i + 1, passage.Tokens.Length))];
    }

    public async Task ReembedAsync(IProgress<IndexingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        IndexIdentity identity = await corpus.GetIdentityAsync(cancellationToken).ConfigureAwait(false);
        TextEmbedder embedder = await corpus.GetEmbedderAsync(cancellationToken).ConfigureAwait(false);
        CorpusStore store = await GetCleanStoreAsync(cancellationToken).ConfigureAwait(false);
        var pace = new RenewalPace(progress, time);
        OutageRetries retries = RetriesOfARun(pace.Wait);
        var embedding = new DocumentEmbedding(embedder, retries);
        await store.ReembedAsync(
            identity,
            embedding.EmbedAsync,
            chunk => ChunkEmbeddingText.For(chunk.Path, chunk.Trail, chunk.Text),
            pace.Advance,
            call => retries.RunAsync(call, cancellationToken),
            cancellationToken).ConfigureAwait(false);
        await corpus.GetCheckedStoreAsync(cancellationToken).ConfigureAwait(false);
        await embedding.LearnAsync(store, cancellationToken).ConfigureAwait(false);
    }

    public async Task RechunkAsync(IProgress<IndexingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        IndexIdentity identity = await corpus.GetIdentityAsync(cancellationToken).ConfigureAwait(false);
        CorpusStore store = await GetCleanStoreAsync(cancellationToken).ConfigureAwait(false);
        ITokenizer tokenizer = await corpus.GetTokenizerAsync(cancellationToken).ConfigureAwait(false);
        TextEmbedder embedder = await corpus.GetEmbedderAsync(cancellationToken).ConfigureAwait(false);
        var pace = new RenewalPace(progress, time);
        OutageRetries retries = RetriesOfARun(pace.Wait);
        IndexingRun? run = null;
        await store.RechunkAsync(
            identity,
            (entry, chunks, old) => (run ??= new IndexingRun(store, old, chunker, tokenizer, embedder, retries))
                .RechunkAsync(entry, chunks, cancellationToken),
            pace.Advance,
            call => retries.RunAsync(call, cancellationToken),
            cancellationToken).ConfigureAwait(false);
        await corpus.GetCheckedStoreAsync(cancellationToken).ConfigureAwait(false);
        if (run is not null)
            await run.LearnAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task ClearAsync(CancellationToken cancellationToken = default)
    {
        CorpusStore store = await corpus.GetStoreAsync(cancellationToken).ConfigureAwait(false);
        await store.ClearAsync(cancellationToken).ConfigureAwait(false);
    }

    private static string? FindProblem(RagDocument? document) => document switch
    {
        null => "The document is null.",
        { Path: null or "" } => "The document has no path: set it, for example to guides/backups.md.",
        { Path.Length: > MaxPathLength } => $"The document's path has {document.Path.Length} characters: use at most {MaxPathLength}.",
        { Tags: null } or { Metadata: null } => $"The document '{document.Path}' has null as tags or metadata: leave them empty.",
        _ when CorpusKeys.FindProblem(document.Path) is { } problem => problem,
        _ when document.Tags.Contains(null!) || document.Metadata.Values.Contains(null!) =>
            $"The document '{document.Path}' has a null tag or metadata value: remove it.",
        _ when StoredLimits.FindProblem(document.Path, document.Tags, document.Metadata) is { } problem => problem,
        { Text: null } => $"The document '{document.Path}' has no text.",
        { Blocks: null } => $"The document '{document.Path}' has null as blocks: leave them empty.",
        _ when DocumentBlock.FindProblem(document.Text, document.Blocks) is { } problem =>
            $"The blocks of the document '{document.Path}' do not fit its text. {problem}",
        _ => null,
    };

    private OutageRetries RetriesOfARun(Action<IndexingRetry>? waiting = null) => new(OutageRetries.MaxOfARun, time, logger, waiting);

    private async Task<CorpusStore> GetCleanStoreAsync(CancellationToken cancellationToken)
    {
        CorpusStore store = await corpus.GetStoreAsync(cancellationToken).ConfigureAwait(false);
        await store.CleanUpAbandonedAsync(cancellationToken).ConfigureAwait(false);
        return store;
    }

    private async Task<IndexingRun> StartRunAsync(OutageRetries retries, Activity? trace, CancellationToken cancellationToken, string? folder = null)
    {
        ITokenizer tokenizer = await corpus.GetTokenizerAsync(cancellationToken).ConfigureAwait(false);
        TextEmbedder embedder = await corpus.GetEmbedderAsync(cancellationToken).ConfigureAwait(false);

        // The first connection fails at once: the address may be wrong. A server that was there before is waited for.
        await corpus.GetStoreAsync(cancellationToken).ConfigureAwait(false);
        CorpusStore store = await retries.RunAsync(
            async () =>
            {
                CorpusStore ready = await corpus.GetCheckedStoreAsync(cancellationToken).ConfigureAwait(false);
                await ready.CleanUpAbandonedAsync(cancellationToken).ConfigureAwait(false);
                return ready;
            },
            cancellationToken).ConfigureAwait(false);
        IndexIdentity identity = await corpus.GetIdentityAsync(cancellationToken).ConfigureAwait(false);
        return new IndexingRun(store, identity, chunker, tokenizer, embedder, retries)
        {
            Folder = folder,
            Trace = trace,
            Room = await retries.RunAsync(() => store.FindRoomAsync(identity, cancellationToken), cancellationToken).ConfigureAwait(false),
        };
    }

    private async IAsyncEnumerable<(IndexedDocument Indexed, DocumentEntry Entry)> IndexDirectoryAsync(
        string directory,
        string prefix,
        FileTreeOptions? options,
        IProgress<IndexingProgress>? progress,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        FileTreeScan scan = FileTree.Scan(directory, options, cancellationToken);
        string folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        var pace = new IndexingPace(scan, progress, time);
        OutageRetries retries = RetriesOfARun(pace.Wait);
        using Activity? trace = RagActivities.Start(RagActivities.Index);
        IndexingRun run = await StartRunAsync(retries, trace, cancellationToken, folder).ConfigureAwait(false);
        IAsyncEnumerable<DocumentEntry> entries = FileTree.ReadAsync(directory, files, options, prefix, cancellationToken);
        await foreach ((IndexedDocument Indexed, DocumentEntry Entry) done in
            IndexAsync(run, entries, mayWait: true, cancellationToken).ConfigureAwait(false))
        {
            pace.Advance(done.Entry.Path, done.Entry.Bytes);
            yield return done;
        }
    }

    private async IAsyncEnumerable<(IndexedDocument Indexed, DocumentEntry Entry)> IndexAsync(
        IndexingRun run, IAsyncEnumerable<DocumentEntry> entries, bool mayWait, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using IAsyncEnumerator<IReadOnlyList<DocumentEntry>> batches =
            DocumentBatches.ReadAsync(entries, mayWait, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await ReadAsync(batches, run.Trace).ConfigureAwait(false) is { } batch)
        {
            await foreach ((IndexedDocument Indexed, DocumentEntry Entry) done in IndexBatchAsync(run, batch, cancellationToken).ConfigureAwait(false))
            {
                yield return done;
            }
        }

        await run.LearnAsync(cancellationToken).ConfigureAwait(false);
    }

    private static Task<IReadOnlyList<DocumentEntry>?> ReadAsync(IAsyncEnumerator<IReadOnlyList<DocumentEntry>> batches, Activity? trace) =>
        trace.RunBelowAsync(RagActivities.Read, async span =>
        {
            IReadOnlyList<DocumentEntry>? batch = await batches.MoveNextAsync().ConfigureAwait(false) ? batches.Current : null;
            span?.SetTag("redisinfer.documents", batch?.Count ?? 0);
            return batch;
        });

    private async IAsyncEnumerable<(IndexedDocument Indexed, DocumentEntry Entry)> IndexBatchAsync(
        IndexingRun run, IReadOnlyList<DocumentEntry> batch, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string?[] problems = [.. batch.Select(entry => entry.SkipReason ?? FindProblem(entry.Document))];
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        IReadOnlyList<Task<IndexedDocument>> tasks = await run.IndexAsync(
            [.. batch.Where((_, i) => problems[i] is null).Select(entry => entry.Document!)], leave.Token).ConfigureAwait(false);
        int indexed = 0;
        try
        {
            for (int i = 0; i < batch.Count; i++)
            {
                IndexedDocument done = problems[i] is { } problem
                    ? Skip(batch[i].Path, problem)
                    : await FinishAsync(batch[i].Path, tasks[indexed++], cancellationToken).ConfigureAwait(false);
                yield return (done, batch[i]);
            }
        }
        finally
        {
            // If the caller leaves early or the run fails, stop the other documents of the batch.
            await leave.CancelAsync().ConfigureAwait(false);
            await ((Task)Task.WhenAll(tasks)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<IndexedDocument> RemoveGoneAsync(string path, CancellationToken cancellationToken)
    {
        await RetriesOfARun().RunAsync(() => RemoveAsync(path, cancellationToken), cancellationToken).ConfigureAwait(false);
        return new IndexedDocument(path, IndexingStatus.Removed, 0, 0);
    }

    /// <summary>Waits for what is done with a document. An error that only concerns this document does not end the run.</summary>
    private async Task<IndexedDocument> FinishAsync(string path, Task<IndexedDocument> work, CancellationToken cancellationToken)
    {
        try
        {
            return await work.ConfigureAwait(false);
        }
        catch (RedisInferException e) when (e.Code == RedisInferErrorCode.DocumentNotReadable)
        {
            return Skip(path, e.Message);
        }
        catch (Exception e) when (ConcernsOneDocument(e, cancellationToken))
        {
            LogFailed(e, path, e.Message);
            return new IndexedDocument(path, IndexingStatus.Failed, 0, 0, e.Message);
        }
    }

    private static bool ConcernsOneDocument(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        RedisInferException known => known.Code is RedisInferErrorCode.StateCorrupt or RedisInferErrorCode.DecodeFailed,
        ObjectDisposedException or OutOfMemoryException => false,

        // An embedding service that times out cancels as well.
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        _ => true,
    };

    private IndexedDocument Skip(string path, string reason)
    {
        LogSkipped(path, reason);
        return new IndexedDocument(path, IndexingStatus.Skipped, 0, 0, reason);
    }

    [LoggerMessage(EventId = 300, Level = LogLevel.Warning, Message = "Skipped '{Path}': {Reason}")]
    private partial void LogSkipped(string path, string reason);

    [LoggerMessage(EventId = 301, Level = LogLevel.Warning, Message = "Indexed '{Path}': {Warning}")]
    private partial void LogWarning(string path, string warning);

    [LoggerMessage(EventId = 302, Level = LogLevel.Warning, Message = "Could not index or remove '{Path}': {Reason}")]
    private partial void LogFailed(Exception exception, string path, string reason);
}
