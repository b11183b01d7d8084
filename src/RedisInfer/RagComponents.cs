using System.Diagnostics.Metrics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using RedisInfer.Chunking;
using RedisInfer.Inference;
using RedisInfer.Redis;
using RedisInfer.Retrieval;

namespace RedisInfer;

/// <summary>
/// Parts with which a host replaces the defaults of a <see cref="RagRuntime"/>. <see langword="null"/> means the default. The runtime
/// disposes of the defaults that it creates. Parts that are set here are disposed of by the code that created them.
/// </summary>
public sealed record RagComponents
{
    /// <summary>
    /// Source of the Redis connection. Default: a <see cref="RedisConnectionSource"/> that connects to
    /// <see cref="RedisInferOptions.Redis"/>.
    /// </summary>
    public IRedisConnectionSource? Connection { get; init; }

    /// <summary>
    /// Reads the files of folders. The first reader that supports a file is used; text that no reader supports is read as it is. Default:
    /// none.
    /// </summary>
    public IReadOnlyList<IDocumentReader> DocumentReaders { get; init; } = [];

    /// <summary>
    /// Splits documents into chunks. Default: a <see cref="ParagraphChunker"/> with <see cref="RedisInferOptions.Chunking"/>.
    /// </summary>
    public IChunker? Chunker { get; init; }

    /// <summary>
    /// Embeds questions and chunks. Default: the model at <see cref="RedisInferOptions.EmbeddingModelPath"/>. Without both, retrieval uses
    /// words only.
    /// </summary>
    public IEmbeddingGenerator<string, Embedding<float>>? EmbeddingGenerator { get; init; }

    /// <summary>
    /// Scores retrieved passages again, and so decides their order. Default: the model at
    /// <see cref="RedisInferOptions.RerankModelPath"/>. Without both, they stay in the order of the search.
    /// </summary>
    public IReranker? Reranker { get; init; }

    /// <summary>Loads and runs the models. Default: llama.cpp.</summary>
    public IInferenceEngine? InferenceEngine { get; init; }

    /// <summary>Loads chunks and KV blocks from Redis into memory. Default: an <see cref="AdaptiveContextLoader"/>.</summary>
    public IContextLoader? ContextLoader { get; init; }

    /// <summary>Creates the loggers. Default: nothing is logged.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>Creates the meter <c>RedisInfer</c>. Default: a meter without a factory.</summary>
    public IMeterFactory? MeterFactory { get; init; }

    /// <summary>The clock. Default: <see cref="System.TimeProvider.System"/>.</summary>
    public TimeProvider? TimeProvider { get; init; }

    /// <summary>
    /// Key that tells this runtime from others of the process: the tag <c>redisinfer.key</c> of its measurements. Default: no such tag.
    /// </summary>
    public string? Key { get; init; }
}
