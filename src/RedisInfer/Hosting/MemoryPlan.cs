using Microsoft.Extensions.Logging;
using RedisInfer.Corpus;
using RedisInfer.Inference;
using RedisInfer.Redis;
using RedisInfer.Retrieval;
using RedisInfer.Scheduling;

namespace RedisInfer.Hosting;

/// <summary>Compares the memory that a runtime needs with the memory of the machine, before anything large is loaded.</summary>
internal sealed partial class MemoryPlan(
    IInferenceEngine engine,
    IRedisConnectionSource connection,
    Func<CancellationToken, ValueTask<CorpusStore>> openCorpus,
    RedisInferOptions options,
    ILogger logger)
{
    /// <summary>Fits the runtime into memory.</summary>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>The budget.</returns>
    /// <exception cref="Errors.RedisInferException">
    /// <see cref="Errors.RedisInferErrorCode.OverBudget"/>. The message shows the calculation.
    /// </exception>
    public async Task<MemoryBudget> MakeAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<ServerMemory> servers = await ServerMemory.ReadAsync(connection, cancellationToken).ConfigureAwait(false);
        foreach (ServerMemory server in servers.Where(server => server.EvictsDocuments))
        {
            LogEvictsDocuments(server.EndPoint, server.EvictionPolicy);
        }

        CorpusStore corpus = await openCorpus(cancellationToken).ConfigureAwait(false);
        long store = connection.InProcessMemoryBytes ?? servers.Where(server => server.IsLocal).Sum(server => server.Bytes);
        var context = new ContextOptions
        {
            ContextSize = options.Capacity.ContextSize,
            MaxSequences = options.Capacity.MaxConcurrentRequests,
            SeparateSequences = true,
            BatchSize = options.Capacity.BatchSize,
            KvType = options.Engine.KvType,
            FlashAttention = options.Engine.FlashAttention,
        };
        MemoryEstimate model = Estimate(options.ModelPath, context);
        List<MemoryNeed> needs =
        [
            new("model", model.WeightBytes),
            new("embedding model", options.EmbeddingModelPath is { } path ? Estimate(path, context with { Embeddings = true }).WeightBytes : 0),
            new("re-ranker", options.RerankModelPath is { } ranker ? Sum(Estimate(ranker, ModelReranker.LargestContext)) : 0),
            new("Redis on this machine", store),
            new(
                "words and vectors of the corpus",
                Math.Max(options.Memory.SearchBytes, await corpus.EstimateMemoryAsync(cancellationToken).ConfigureAwait(false))),
            new("reserve", options.Memory.ReserveBytes),
        ];
        MemoryBudget budget = MemoryBudget.Fit(
            options.Memory.LimitBytes > 0 ? options.Memory.LimitBytes : HostMemory.ReadLimit(),
            needs,
            context.ContextSize,
            options.Capacity.MaxConcurrentRequests,
            (cells, sequences) => sequences == context.MaxSequences
                ? model
                : Estimate(options.ModelPath, context with { ContextSize = cells, MaxSequences = sequences }),
            options.Memory.OverBudget,
            options.KvCache.Reuse == KvReuse.Off ? 0 : options.KvCache.MemoryBytes);
        LogMemory(budget.Arithmetic());
        return budget;
    }

    private static long Sum(MemoryEstimate estimate) => estimate.WeightBytes + estimate.KvBytes + estimate.ScoreBytes;

    private MemoryEstimate Estimate(string path, ContextOptions context) =>
        engine.EstimateMemory(new ModelOptions { Path = path, GpuLayers = options.Engine.GpuLayers }, context);

    [LoggerMessage(
        EventId = 120, Level = LogLevel.Warning,
        Message = "{Server} has maxmemory-policy {Policy}, which evicts documents when its memory is full. Set volatile-lru, which evicts "
            + "only KV blocks.")]
    private partial void LogEvictsDocuments(string server, string policy);

    [LoggerMessage(EventId = 121, Level = LogLevel.Information, Message = "Memory: {Arithmetic}.")]
    private partial void LogMemory(string arithmetic);
}
