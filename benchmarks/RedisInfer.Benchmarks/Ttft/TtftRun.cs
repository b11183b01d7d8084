using System.Text;
using RedisInfer.Garnet;
using RedisInfer.Inference;
using RedisInfer.Redis;
using RedisInfer.Tests.Support;

namespace RedisInfer.Benchmarks.Ttft;

/// <summary>Asks a question over five passages through the front door. Restarts everything before the measurements that need it.</summary>
/// <param name="engine">Runs the model.</param>
/// <param name="modelPath">The model.</param>
/// <param name="contextTokens">Approximate number of tokens of all passages together.</param>
/// <param name="countTokens">Counts the tokens of a text.</param>
/// <param name="threads">Compute threads.</param>
/// <param name="flashAttention">Whether flash attention may be used.</param>
/// <param name="redis">HOST:PORT of a server, or <see langword="null"/> for embedded ones.</param>
/// <param name="directory">A folder to keep KV states in, and none on the server; <see langword="null"/>: on the server.</param>
internal sealed class TtftRun(
    IInferenceEngine engine,
    string modelPath,
    int contextTokens,
    Func<string, int> countTokens,
    int threads,
    bool flashAttention,
    string? redis,
    string? directory) : IDisposable
{
    internal const string Question = "How long are backups of it kept in all?";
    private const string OtherQuestion = "Who may read the orders?";
    private const int PassageCount = 5;
    private const int ChangedPassage = 3;

    // The heading line before a passage and the separator after it.
    private const int HeadingTokens = 8;

    private readonly TempFolder _data = new();
    private readonly string _run = Guid.NewGuid().ToString("N")[..8];

    public async Task<TtftRound> MeasureAsync(int round, CancellationToken cancellationToken)
    {
        Console.WriteLine($"round {round + 1}");
        string tenant = $"{_run}-{round}";
        TtftMeasurement off, cold, warm, other, restart, changed;
        await using (TtftHost host = Start(tenant, KvReuse.Off))
        {
            await host.IndexAsync(Documents(round, changed: false), cancellationToken);
            off = await host.AskAsync("reuse off", Question, cancellationToken);
        }

        await using (TtftHost host = Start(tenant, Stored))
        {
            await host.WarmUpAsync(cancellationToken);
            cold = await host.AskAsync("cold", Question, cancellationToken);
            warm = await host.AskAsync("warm", Question, cancellationToken);
            other = await host.AskAsync("other question", OtherQuestion, cancellationToken);
        }

        await using (TtftHost host = Start(tenant, Stored))
        {
            await host.WarmUpAsync(cancellationToken);
            restart = await host.AskAsync("after restart", Question, cancellationToken);
            await host.IndexAsync(Documents(round, changed: true), cancellationToken);
            changed = await host.AskAsync("one passage changed", Question, cancellationToken);
        }

        return new TtftRound(off, cold, warm, other, restart, changed);
    }

    public void Dispose()
    {
        _data.Dispose();
        if (StateFolder is { } folder && Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The folder of the KV states, if they are in one. It is removed at the end.</summary>
    public string? StateFolder => directory is null ? null : Path.Combine(directory, $"ttft-{_run}");

    private KvReuse Stored => directory is null ? KvReuse.Shared : KvReuse.Local;

    /// <summary>Documents of about the requested length, each with different words.</summary>
    private IEnumerable<RagDocument> Documents(int round, bool changed)
    {
        string[] words = ["backup", "order", "gateway", "reader", "keeps", "writes", "every", "morning", "until", "the", "service", "of", "a", "day"];
        for (int passage = 0; passage < PassageCount; passage++)
        {
            var random = new Random((round * 100) + passage + (changed && passage == ChangedPassage ? 50 : 0));

            var text = new StringBuilder(words[random.Next(words.Length)]);
            while (countTokens(text.ToString()) < (contextTokens / PassageCount) - HeadingTokens)
            {
                text.Append(' ').Append(words[random.Next(words.Length)]);
            }

            yield return new RagDocument($"p{passage}", text.ToString());
        }
    }

    private TtftHost Start(string tenant, KvReuse reuse)
    {
        IRedisConnectionSource connection = redis is null
            ? new EmbeddedGarnetServer(new GarnetOptions { DataDirectory = Path.Combine(_data.Path, "garnet") })
            : new RedisConnectionSource(redis);
        return new TtftHost(connection, new RagRuntime(
            new RedisInferOptions
            {
                ModelPath = modelPath,
                Corpus = $"ttft-{_run}",
                Capacity = { ContextSize = (contextTokens * 2) + 1024, MaxConcurrentRequests = 2, ShutdownTimeout = TimeSpan.FromMinutes(1) },
                Engine = { Threads = threads, FlashAttention = flashAttention },
                SystemPrompt = "",
                Retrieval = { TopK = PassageCount, MinScore = -1 },
                Chunking = new ChunkingOptions { MaxTokens = contextTokens },
                MaxOutputTokens = 8,
                Sampling = new SamplingOptions { Temperature = 0 },
                KvCache = { Reuse = reuse, Tenant = tenant, TimeToLive = TimeSpan.FromHours(1), Directory = StateFolder },
            },
            new RagComponents { Connection = connection, InferenceEngine = engine }));
    }
}
