using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using RedisInfer.Chunking;
using RedisInfer.Corpus;
using RedisInfer.Corpus.Indexes;
using RedisInfer.Corpus.Records;
using RedisInfer.Embedding;
using RedisInfer.Garnet;
using RedisInfer.Inference;
using RedisInfer.Llama;
using RedisInfer.Prompting;
using RedisInfer.Redis;
using RedisInfer.Retrieval;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Inference;
using RedisInfer.Tests.Support.Servers;
using StackExchange.Redis;

namespace RedisInfer.Benchmarks.Retrieval;

/// <summary>Indexes synthetic documents and asks questions about them, then does the same with bare commands.</summary>
internal sealed class RetrievalRun(SyntheticText text, int chunkCount, int dimensions)
{
    private const int Questions = 200;
    private const int WarmUp = 20;
    private const int TopK = 5;
    private const int WindowSize = 4096;
    private const int AnswerTokens = 256;
    private const int SampleDocuments = 50;
    private const string Corpus = "retrieval-benchmark";

    private readonly Figures _figures = new();
    private readonly HashedWordsEmbedding _embedding = new(dimensions);

    public async Task<int> RunAsync(string? redis, bool embedded, CancellationToken cancellationToken)
    {
        await Machine.DescribeAsync(cancellationToken);
        await using RedisServer? own = redis is null && !embedded && RedisPrograms.Find(RedisVersion.V8) is not null
            ? await RedisServer.StartAsync(RedisVersion.V8, cancellationToken: cancellationToken)
            : null;
        string? address = redis ?? own?.EndPoint;
        await using IRedisConnectionSource source =
            address is null ? new EmbeddedGarnetServer(new GarnetOptions { InMemory = true }) : new RedisConnectionSource(address + ",asyncTimeout=60000");
        if (address is null)
        {
            Console.WriteLine("the server is embedded: index_peak_mb includes its memory");
        }

        IConnectionMultiplexer connection = await source.ConnectAsync(cancellationToken);
        var options = new RedisInferOptions
        {
            ModelPath = Path.Combine(Repository.Root, "models", "demo", "redisinfer-demo.gguf"),
            Corpus = Corpus,
        };
        using IInferenceModel model = await new LlamaEngine().LoadModelAsync(
            new ModelOptions { Path = options.ModelPath }, null, cancellationToken);
        int documentCount = await CountDocumentsAsync(model.Tokenizer, cancellationToken);
        await using (var runtime = new RagRuntime(options, new RagComponents { Connection = source, EmbeddingGenerator = _embedding }))
        {
            await runtime.Index.ClearAsync(cancellationToken);
            await IndexAsync(runtime.Index, documentCount, cancellationToken);
            CorpusStore store = await runtime.Corpus.GetCheckedStoreAsync(cancellationToken);
            await AskAsync(runtime, store, connection, documentCount, model, cancellationToken);
            await runtime.Index.ClearAsync(cancellationToken);
        }

        _figures.Print();
        return 0;
    }

    /// <summary>Returns the number of documents that give the requested number of chunks.</summary>
    private async Task<int> CountDocumentsAsync(ITokenizer tokenizer, CancellationToken cancellationToken)
    {
        var chunker = new ParagraphChunker(new ChunkingOptions());
        int chunks = await text.DocumentsAsync(SampleDocuments)
            .Select(document => chunker.Split(document, tokenizer.CountTokens).Count)
            .SumAsync(cancellationToken);
        return Math.Max(SampleDocuments, (int)((long)chunkCount * SampleDocuments / chunks));
    }

    private async Task IndexAsync(IRagIndex index, int documentCount, CancellationToken cancellationToken)
    {
        double peakMb;
        long started;
        await using (var memory = new MemoryWatch())
        {
            started = Stopwatch.GetTimestamp();
            await index.AddAsync(text.DocumentsAsync(documentCount), cancellationToken).CountAsync(cancellationToken);
            _indexTime = Stopwatch.GetElapsedTime(started);
            peakMb = memory.PeakMb;
        }

        IndexCount count = await index.CountAsync(cancellationToken);
        _indexed = count.Chunks;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"indexed {count.Documents} documents, {count.Chunks} chunks of {dimensions} dimensions in {_indexTime.TotalSeconds:0.0} s"));
        started = Stopwatch.GetTimestamp();
        int unchanged = await index.AddAsync(text.DocumentsAsync(documentCount), cancellationToken)
            .CountAsync(document => document.Status == IndexingStatus.Unchanged, cancellationToken);
        _figures.Add("index_chunks_per_second", count.Chunks / _indexTime.TotalSeconds);
        _figures.Add("index_peak_mb", peakMb);
        _figures.Add("reindex_unchanged_files_per_second", unchanged / Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private TimeSpan _indexTime;
    private long _indexed;

    private async Task AskAsync(
        RagRuntime runtime,
        CorpusStore store,
        IConnectionMultiplexer connection,
        int documentCount,
        IInferenceModel model,
        CancellationToken cancellationToken)
    {
        IDatabase database = connection.GetDatabase();
        RawServer? raw = store.Capabilities.HasVectorSets ? new RawServer(database, store.Capabilities.IsGarnet) : null;
        var keys = new CorpusKeys(Corpus);
        RedisKey vectors = keys.VectorSet((long)await database.HashGetAsync(keys.Meta, CorpusMeta.EpochField));
        var finder = new PassageSearch(runtime.Corpus, new RedisInferOptions { Retrieval = { MinScore = -1 } }, null, TimeProvider.System);
        var prompts = PromptBuilder.Create(model, WindowSize, new RedisInferOptions().SystemPrompt, enableThinking: false, TimeProvider.System);
        (List<byte[]> records, List<float[]> units, List<ChunkRef> names) = await ReadAllAsync(runtime, store, database, keys, cancellationToken);

        using CorpusStore byServer = await CorpusStore.OpenAsync(
            connection, Corpus, new AdaptiveContextLoader(), new SearchMemory(VectorBytes: 0), NullLogger.Instance, TimeProvider.System, cancellationToken);

        var random = new Random(7);
        long bytesBefore = GC.GetTotalMemory(forceFullCollection: true);
        List<double> askMs = [], oursMs = [], serverMs = [], rawMs = [];
        int found = 0;
        int foundByServer = 0;
        for (int i = 0; i < WarmUp + Questions; i++)
        {
            string question = text.Question(random, documentCount);
            long started = Stopwatch.GetTimestamp();
            RetrievalResult result = await finder.FindAsync(new RagRequest(question) { TopK = TopK }, cancellationToken);
            prompts.Build(question, result.Passages, AnswerTokens);
            double ask = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            if (i == 0)
            {
                _figures.Add("first_ask_ms", ask);
                _figures.Add("search_mb", store.HeldBytes / (double)(1 << 20));
                _figures.Add("search_memory_over_estimate", (GC.GetTotalMemory(forceFullCollection: true) - bytesBefore) / (double)store.HeldBytes);
            }

            float[] query = UnitVector.From((await _embedding.GenerateVectorAsync(question, cancellationToken: cancellationToken)).Span)!;
            var byVector = new CorpusQuery(query, [], ByVector: true, ByWords: false);

            // The bare command alternates between first and last, because later searches find the server's caches warm.
            double bare = raw is not null && i % 2 == 0 ? await raw.SearchAsync(vectors, query, 32) : double.NaN;
            (CorpusSearch search, double ours) = await SearchAsync(store, byVector, cancellationToken);
            (CorpusSearch onServer, double server) = await SearchAsync(byServer, byVector, cancellationToken);
            bare = raw is not null && i % 2 == 1 ? await raw.SearchAsync(vectors, query, 32) : bare;
            if (i < WarmUp)
            {
                continue;
            }

            askMs.Add(ask);
            oursMs.Add(ours);
            serverMs.Add(server);
            rawMs.Add(bare);
            found += CountFound(search, units, names, query);
            foundByServer += CountFound(onServer, units, names, query);
        }

        _figures.Add("recall_at_5", (double)found / (TopK * Questions));
        _figures.Add("ask_overhead_ms_p50", Figures.Median(askMs));
        _figures.Add("ask_overhead_ms_p95", Figures.Percentile(askMs, 0.95));
        _figures.Add("search_ms_p50", Figures.Median(oursMs));
        _figures.Add("search_over_raw", Figures.Median(oursMs) / Figures.Median(rawMs));
        if (raw is not null)
        {
            // The case of a corpus with too many vectors for this process.
            _figures.Add("by_server_recall_at_5", (double)foundByServer / (TopK * Questions));
            _figures.Add("by_server_search_ms_p50", Figures.Median(serverMs));
            await database.KeyDeleteAsync(vectors);     // gives the bare vectors as much memory
            TimeSpan rawTime = await raw.WriteAsync(records, units, cancellationToken);
            _figures.Add("raw_chunks_per_second", _indexed / rawTime.TotalSeconds);
            _figures.Add("index_over_raw", rawTime / _indexTime);
        }
    }

    private static async Task<(CorpusSearch Found, double Ms)> SearchAsync(
        CorpusStore store, CorpusQuery query, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        CorpusSearch found = (await store.SearchAsync(query, 32, cancellationToken))!;
        return (found, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    /// <summary>Counts how many of the true nearest chunks were found. A chunk that is as near as the last of them counts too.</summary>
    private static int CountFound(CorpusSearch search, List<float[]> units, List<ChunkRef> names, float[] query)
    {
        float[] scores = [.. units.Select(unit => TensorPrimitives.Dot<float>(query, unit))];
        float least = scores.OrderDescending().ElementAt(TopK - 1) - 1e-5f;
        HashSet<ChunkRef> good = [.. names.Where((_, i) => scores[i] >= least)];
        return search.ByVector.Hits.Take(TopK).Count(hit => good.Contains(hit.Chunk));
    }

    /// <summary>Reads everything that the index has written: the records as they are stored, and the vectors.</summary>
    private async Task<(List<byte[]> Records, List<float[]> Units, List<ChunkRef> Names)> ReadAllAsync(
        RagRuntime runtime, CorpusStore store, IDatabase database, CorpusKeys keys, CancellationToken cancellationToken)
    {
        List<byte[]> records = [];
        List<float[]> units = [];
        List<ChunkRef> names = [];
        string tokenizer = (await runtime.Corpus.GetTokenizerAsync(cancellationToken)).Fingerprint;
        await foreach (ManifestEntry entry in store.ListAsync(cancellationToken))
        {
            ChunkRef[] chunks = [.. Enumerable.Range(0, entry.ChunkCount).Select(i => new ChunkRef(entry.Generation, entry.Path, i))];
            RedisValue[] values = await database.StringGetAsync([.. chunks.Select(chunk => keys.Chunk(chunk)), keys.Words(entry.Generation, entry.Path)]);
            records.AddRange(values.Select(value => (byte[])value!));
            names.AddRange(chunks);
            string[] texts =
            [
                .. chunks.Select((chunk, i) => ChunkRecord.Decode(chunk, tokenizer, (byte[])values[i]!))
                    .Select(stored => ChunkEmbeddingText.For(stored.Path, stored.Trail, stored.Text)),
            ];
            units.AddRange((await _embedding.GenerateAsync(texts, cancellationToken: cancellationToken)).Select(e => UnitVector.From(e.Vector.Span)!));
        }

        return (records, units, names);
    }
}
