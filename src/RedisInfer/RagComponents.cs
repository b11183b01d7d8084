using System.Diagnostics.Metrics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using RedisInfer.Chunking;
using RedisInfer.Inference;
using RedisInfer.Redis;
using RedisInfer.Retrieval;

namespace RedisInfer;

/// <summary>
/// Parts that a host puts in place of the defaults. Whoever made a part disposes of it; <see cref="RagRuntime"/> disposes of
/// what it makes itself.
/// </summary>
public sealed record RagComponents
{
    /// <summary>Where the connection comes from; by default <see cref="RedisInferOptions.Redis"/> is connected to.</summary>
    public IRedisConnectionSource? Connection { get; init; }

    /// <summary>How documents are cut; by default a <see cref="ParagraphChunker"/>.</summary>
    public IChunker? Chunker { get; init; }

    /// <summary>
    /// How texts become vectors; by default the model at <see cref="RedisInferOptions.EmbeddingModelPath"/>. Without either, passages are
    /// found by their words alone.
    /// </summary>
    public IEmbeddingGenerator<string, Embedding<float>>? EmbeddingGenerator { get; init; }

    /// <summary>What ranks passages once more after they were found; by default nothing.</summary>
    public IReranker? Reranker { get; init; }

    /// <summary>What runs models; by default llama.cpp.</summary>
    public IInferenceEngine? InferenceEngine { get; init; }

    /// <summary>How passages and stored attention states reach memory; by default an <see cref="AdaptiveContextLoader"/>.</summary>
    public IContextLoader? ContextLoader { get; init; }

    /// <summary>Where logs go; by default nowhere.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>Where metrics go; by default to a meter named <c>RedisInfer</c> of no factory.</summary>
    public IMeterFactory? MeterFactory { get; init; }

    /// <summary>The clock; by default the system's.</summary>
    public TimeProvider? TimeProvider { get; init; }
}
