using System.Globalization;
using System.Net;
using System.Text;
using RedisInfer.Garnet;
using RedisInfer.Inference;
using RedisInfer.KvBlocks;
using RedisInfer.Llama;
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
    private const int MostOperations = 4;

    private static readonly string[] Corpora = ["words", "vectors", "documents"];

    private EmbeddedGarnetServer? _honest;
    private IServer? _server;
    private IDatabase? _database;
    private LyingServer? _liar;
    private IInferenceModel? _model;
    private KeptModelEngine? _engine;
    private long _keys;

    public async Task PrepareAsync()
    {
        _honest = new EmbeddedGarnetServer(new GarnetOptions { InMemory = true });
        IConnectionMultiplexer connection = await _honest.ConnectAsync();
        _database = connection.GetDatabase();
        EndPoint endPoint = connection.GetEndPoints()[0];
        _server = connection.GetServer(endPoint);
        _liar = new LyingServer(endPoint);
        var engine = new LlamaEngine();
        _model = await engine.LoadModelAsync(new ModelOptions { Path = TestModels.Text }, null, CancellationToken.None);
        _engine = new KeptModelEngine(engine, _model);
        await FillAsync();
    }

    public async Task RunAsync(Random random)
    {
        await RestoreAsync();
        string corpus = random.Pick(Corpora);
        _liar!.Liar = Liar.Make(random, hidesVectorSets: corpus == "documents");
        string protocol = random.Chance(.5) ? "resp2" : "resp3";
        await using RagRuntime runtime = Open(corpus, $"127.0.0.1:{_liar.Port},protocol={protocol}");
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

    private RagRuntime Open(string corpus, string server)
    {
        RedisInferOptions options = HostileHost.Options(512);
        options.Redis = $"{server},connectTimeout=1000,asyncTimeout=1000,syncTimeout=1000,connectRetry=1";
        options.Corpus = corpus;
        options.Capacity.ShutdownTimeout = TimeSpan.FromMilliseconds(100);
        RecordLies.Know(new KvIdentity(
            Encoding.UTF8.GetBytes(HostileHost.Secret), _model!.GetStateFingerprint(new ContextOptions { ContextSize = 512 }), options.KvCache.Tenant));
        return new RagRuntime(options, new RagComponents
        {
            InferenceEngine = _engine,
            EmbeddingGenerator = corpus == "words" ? null : new HashedWordsEmbedding(Dimensions),
        });
    }

    /// <summary>Undoes what an input has changed on the honest server.</summary>
    private async Task RestoreAsync()
    {
        if ((long)(await _database!.ExecuteAsync("DBSIZE"))! == _keys)
        {
            return;
        }

        await _database.ExecuteAsync("FLUSHALL");
        await FillAsync();
    }

    private async Task FillAsync()
    {
        foreach (string corpus in Corpora)
        {
            _liar!.Liar = corpus == "documents" ? Liar.WithoutVectorSets : Liar.Honest;
            await using RagRuntime runtime = Open(corpus, $"127.0.0.1:{_liar.Port}");
            foreach (RagDocument document in HostileHost.Documents)
            {
                await runtime.Index.AddAsync(document);
            }

            // An answer stores KV blocks.
            await runtime.Generator.GenerateAsync(new RagRequest("How long are backups kept?") { MinScore = 0, MaxOutputTokens = 1 });
        }

        _keys = (long)(await _database!.ExecuteAsync("DBSIZE"))!;
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_keys} keys"));
    }
}
