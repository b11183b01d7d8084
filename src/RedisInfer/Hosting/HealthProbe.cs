using RedisInfer.Corpus.Records;
using RedisInfer.Embedding;
using RedisInfer.Errors;
using RedisInfer.Inference;
using RedisInfer.Redis;
using StackExchange.Redis;

namespace RedisInfer.Hosting;

/// <summary>Looks at a runtime from outside. Loads no model, writes nothing, and takes a bounded time.</summary>
/// <param name="components">The parts that exist already.</param>
/// <param name="options">The host's options.</param>
/// <param name="parts">What is loaded.</param>
/// <param name="chunker">Name and version of the chunker.</param>
internal sealed class HealthProbe(RuntimeComponents components, RedisInferOptions options, RuntimeParts parts, string chunker)
{
    // Longer than a server needs that is only busy, shorter than the time after which a host's orchestrator gives up.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    // A server without a policy of eviction refuses writes when it is full.
    private const double NearlyFull = .95;

    /// <summary>Looks.</summary>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<RagHealth> CheckAsync(CancellationToken cancellationToken)
    {
        var findings = new HealthFindings();
        using var limit = new CancellationTokenSource(Limit, components.Time);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        CheckQueue(findings);
        await BoundedAsync("The model files", findings, Task.Run(() => CheckModels(findings), late.Token), cancellationToken, late.Token).ConfigureAwait(false);
        await BoundedAsync(components.Connection.Description, findings, CheckServerAsync(findings, late.Token), cancellationToken, late.Token)
            .ConfigureAwait(false);
        return findings.ToHealth();
    }

    private async Task BoundedAsync(
        string what, HealthFindings findings, Task check, CancellationToken cancellationToken, CancellationToken late)
    {
        try
        {
            await check.WaitAsync(late).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            findings.Add(RagHealthState.Unhealthy, $"{what} did not answer within {Limit.TotalSeconds} s.");
        }
        catch (RedisInferException e)
        {
            findings.Add(RagHealthState.Unhealthy, e.Message);
        }
        catch (Exception e) when (RedisErrors.IsRedis(e))
        {
            findings.Add(RagHealthState.Unhealthy, $"{what} does not answer: {e.GetType().Name}.");
        }
    }

    private void CheckQueue(HealthFindings findings)
    {
        RagStatus status = parts.GetStatus();
        int capacity = options.Capacity.QueueCapacity;
        findings["model_loaded"] = status.IsReady;
        findings["running"] = status.Running;
        findings["waiting"] = status.Waiting;
        findings["queue_capacity"] = capacity;
        if (status.Waiting >= capacity)
        {
            findings.Add(
                RagHealthState.Degraded,
                $"The queue is full: {status.Waiting} requests wait, and its capacity is {capacity}. Send fewer, or raise MaxConcurrentRequests.");
        }
    }

    /// <summary>Reads the headers of the model files that are not loaded yet.</summary>
    private void CheckModels(HealthFindings findings)
    {
        if (parts.GetStatus().IsReady)
        {
            return;
        }

        var context = new ContextOptions { ContextSize = options.Capacity.ContextSize, MaxSequences = 1 };
        foreach (string path in new[] { options.ModelPath, options.EmbeddingModelPath, options.RerankModelPath }.OfType<string>())
        {
            try
            {
                components.Engine.EstimateMemory(new ModelOptions { Path = path, GpuLayers = options.Engine.GpuLayers }, context);
            }
            catch (RedisInferException e)
            {
                findings.Add(RagHealthState.Unhealthy, e.Message);
            }
        }
    }

    private async Task CheckServerAsync(HealthFindings findings, CancellationToken cancellationToken)
    {
        findings["redis"] = components.Connection.Description;
        IConnectionMultiplexer connection = await components.Connection.ConnectAsync(cancellationToken).ConfigureAwait(false);
        IDatabase database = connection.GetDatabase();
        findings["redis_ping_ms"] = (await database.PingAsync().ConfigureAwait(false)).TotalMilliseconds;
        await CheckMemoryAsync(connection, findings).ConfigureAwait(false);
        await CheckCorpusAsync(database, findings).ConfigureAwait(false);
    }

    private static async Task CheckMemoryAsync(IConnectionMultiplexer connection, HealthFindings findings)
    {
        foreach (ServerMemory server in await ServerMemory.ReadAsync(connection).ConfigureAwait(false))
        {
            findings["redis_used_bytes"] = server.UsedBytes;
            findings["redis_limit_bytes"] = server.LimitBytes;
            findings["redis_eviction_policy"] = server.EvictionPolicy;
            if (server.EvictsDocuments)
            {
                findings.Add(
                    RagHealthState.Degraded,
                    $"{server.EndPoint} has maxmemory-policy {server.EvictionPolicy}, which evicts documents when its memory is full. "
                    + "Set volatile-lru, which evicts only KV blocks.");
            }
            else if (server.EvictionPolicy == "noeviction" && server.LimitBytes > 0 && server.UsedBytes > NearlyFull * server.LimitBytes)
            {
                findings.Add(
                    RagHealthState.Degraded,
                    $"{server.EndPoint} uses {server.UsedBytes:N0} of {server.LimitBytes:N0} bytes, and evicts nothing: soon it refuses documents. "
                    + "Raise maxmemory, or set volatile-lru, which evicts KV blocks.");
            }
        }
    }

    private async Task CheckCorpusAsync(IDatabase database, HealthFindings findings)
    {
        var keys = new CorpusKeys(options.Corpus);
        findings["corpus"] = options.Corpus;
        CorpusMeta? meta = CorpusMeta.Decode(options.Corpus, await database.HashGetAllAsync(keys.Meta).ConfigureAwait(false));
        long documents = await database.HashLengthAsync(keys.Manifest).ConfigureAwait(false);
        findings["corpus_documents"] = documents;
        if (meta is null || documents == 0)
        {
            findings["corpus_match"] = "empty";
            return;
        }

        (IndexIdentity expected, bool isKnown) = Expected(meta.Identity);
        findings["corpus_match"] = "no";
        meta.Require(options.Corpus, expected);
        findings["corpus_match"] = isKnown ? "yes" : "unknown";
    }

    /// <summary>What the corpus must have been made with, as far as that is known without loading anything. The rest is taken to be right.</summary>
    private (IndexIdentity Expected, bool IsKnown) Expected(IndexIdentity stored)
    {
        IndexIdentity expected = stored with { Chunker = IndexIdentity.ChunkerOf(chunker) };
        ITokenizer? tokenizer = parts.LoadedTokenizer;
        TextEmbedder? embedder = parts.LoadedEmbedder;
        bool hasEmbedding = components.EmbeddingGenerator is not null || options.EmbeddingModelPath is not null;
        if (tokenizer is not null)
        {
            expected = expected with { TokenizerFingerprint = tokenizer.Fingerprint };
        }

        if (embedder is not null)
        {
            expected = expected with { Embedding = embedder.Identity, Dimensions = embedder.Dimensions };
        }
        else if (!hasEmbedding)
        {
            expected = expected with { Embedding = IndexIdentity.NoEmbedding, Dimensions = 0 };
        }
        else if (stored.Dimensions == 0)
        {
            expected = expected with { Embedding = options.EmbeddingModelPath ?? "that of the host" };
        }

        return (expected, tokenizer is not null && (embedder is not null || !hasEmbedding));
    }
}
