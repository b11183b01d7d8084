using System.Net;
using System.Text;
using RedisInfer.Garnet;
using RedisInfer.Inference;
using RedisInfer.KvBlocks;
using RedisInfer.Llama;
using RedisInfer.Redis;
using RedisInfer.Tests.Support.Gguf;
using RedisInfer.Tests.Support.Inference;
using StackExchange.Redis;

namespace RedisInfer.Benchmarks.Hostile.Kinds;

/// <summary>
/// Answers of a lying Redis: wrong types, lengths and counts, truncated, nested, errors, RESP2 and RESP3, and plausible answers with damaged
/// records. Each input is a runtime that connects to the liar and does a few things.
/// </summary>
internal sealed class ServerKind : IHostileKind
{
    private const int Dimensions = 32;
    private const int MostOperations = 2;

    // An answer that never comes must not take the time of other inputs.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    private static readonly string[] Corpora = ["words", "vectors", "documents"];

    private EmbeddedGarnetServer? _honest;
    private IServer? _server;
    private IDatabase? _database;
    private LyingServer? _liar;
    private IInferenceModel? _model;
    private KeptModelEngine? _engine;
    private readonly Dictionary<string, string[]> _keys = [];

    public async Task PrepareAsync()
    {
        _honest = new EmbeddedGarnetServer(new GarnetOptions { InMemory = true, MemoryBytes = HostileHost.ServerBytes });
        IConnectionMultiplexer connection = await _honest.ConnectAsync();
        _database = connection.GetDatabase();
        EndPoint endPoint = connection.GetEndPoints()[0];
        _server = connection.GetServer(endPoint);
        _liar = new LyingServer(endPoint);
        var engine = new LlamaEngine();
        _model = await engine.LoadModelAsync(new ModelOptions { Path = TestModels.Text }, null, CancellationToken.None);
        _engine = new KeptModelEngine(engine, _model);
        foreach (string corpus in Corpora)
        {
            await RestoreAsync(corpus);
        }
    }

    public async Task RunAsync(Random random)
    {
        string corpus = random.Pick(Corpora);
        await RestoreAsync(corpus);
        _liar!.Liar = Liar.Make(random, hidesVectorSets: corpus == "documents");
        string protocol = random.Chance(.5) ? "resp2" : "resp3";
        await using RedisConnectionSource connection = Connect(protocol, Patience);
        await using RagRuntime runtime = Open(corpus, connection);
        Exception? refusal = null;
        for (int i = random.Next(MostOperations); i >= 0; i--)
        {
            try
            {
                await DoAsync(random, runtime);
            }
            catch (Exception e) when (ErrorClarity.IsClear(e))
            {
                refusal ??= e;
            }
        }

        if (refusal is not null)
        {
            throw refusal;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await (_liar?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_honest?.DisposeAsync() ?? ValueTask.CompletedTask);
        _model?.Dispose();
    }

    private static async Task DoAsync(Random random, RagRuntime runtime)
    {
        IRagIndex index = runtime.Index;
        switch (random.Next(11))
        {
            case 0 or 1 or 2:
                await index.SearchAsync(new RagRequest("How long are backups kept?") { MinScore = 0, Neighbors = random.Next(3) });
                break;
            case 3 or 4 or 5:
                var request = new RagRequest("How long are backups kept?") { MinScore = 0, MaxOutputTokens = 3 };
                HostileHost.Check(await runtime.Generator.GenerateAsync(request), request);
                break;
            case 6:
                await index.AddAsync(new RagDocument($"new{random.Next(3)}.md", "A new paragraph about backups.\n\nAnother one."));
                break;
            case 7:
                await index.AddAsync(random.Pick(HostileHost.Documents) with { Text = "Backups are kept for 90 days.\n\nNow for 91." });
                break;
            case 8:
                await index.RemoveAsync(random.Pick(HostileHost.Documents).Path);
                break;
            case 9:
                await index.CountAsync();
                await index.ListAsync().ToListAsync();
                break;
            default:
                await (random.Chance(.5) ? index.ClearAsync() : index.ReembedAsync());
                break;
        }
    }

    private RedisConnectionSource Connect(string protocol, TimeSpan patience)
    {
        var options = ConfigurationOptions.Parse($"127.0.0.1:{_liar!.Port},protocol={protocol}");
        options.ConnectTimeout = options.AsyncTimeout = options.SyncTimeout = (int)patience.TotalMilliseconds;
        options.HeartbeatInterval = Patience;
        options.ConnectRetry = 1;
        return new RedisConnectionSource(options);
    }

    private RagRuntime Open(string corpus, IRedisConnectionSource connection)
    {
        RedisInferOptions options = HostileHost.Options(512);
        options.Corpus = corpus;
        options.Capacity.ShutdownTimeout = TimeSpan.FromMilliseconds(100);
        RecordLies.Know(new KvIdentity(
            Encoding.UTF8.GetBytes(HostileHost.Secret), _model!.GetStateFingerprint(new ContextOptions { ContextSize = 512 }), options.KvCache.Tenant));
        return new RagRuntime(options, new RagComponents
        {
            Connection = connection,
            InferenceEngine = _engine,
            EmbeddingGenerator = corpus == "words" ? null : new HashedWordsEmbedding(Dimensions),
        });
    }

    /// <summary>Makes a corpus on the honest server again, if an input has changed it.</summary>
    private async Task RestoreAsync(string corpus)
    {
        string[] keys = ListKeys(corpus);
        if (_keys.TryGetValue(corpus, out string[]? known) && keys.SequenceEqual(known))
        {
            return;
        }

        // Not FLUSHALL: Garnet may wait for ever if there is a Vector Set.
        await _database!.KeyDeleteAsync([.. _server!.Keys(pattern: $"{{{corpus}}}*", pageSize: 1000)]);
        _liar!.Liar = corpus == "documents" ? Liar.WithoutVectorSets : Liar.Honest;
        await using RedisConnectionSource connection = Connect("resp2", TimeSpan.FromSeconds(20));
        await using RagRuntime runtime = Open(corpus, connection);
        foreach (RagDocument document in HostileHost.Documents)
        {
            await runtime.Index.AddAsync(document);
        }

        // An answer stores KV blocks.
        await runtime.Generator.GenerateAsync(new RagRequest("How long are backups kept?") { MinScore = 0, MaxOutputTokens = 1 });
        _keys[corpus] = ListKeys(corpus);
    }

    // KV blocks and the marks of writers come and go, whatever an input does.
    private string[] ListKeys(string corpus) =>
    [
        .. _server!.Keys(pattern: $"{{{corpus}}}*", pageSize: 1000).Select(key => key.ToString())
            .Where(key => !key.Contains(":kv", StringComparison.Ordinal) && !key.Contains(":writer:", StringComparison.Ordinal)
                && !key.Contains(":change:", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];
}
