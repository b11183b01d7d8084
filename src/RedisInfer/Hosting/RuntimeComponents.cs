using System.Diagnostics.Metrics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using RedisInfer.Inference;
using RedisInfer.Redis;
using RedisInfer.Retrieval;

namespace RedisInfer.Hosting;

/// <summary>The parts of a runtime: the host's, or the defaults.</summary>
/// <param name="Engine">Runs models.</param>
/// <param name="Connection">Source of the connection.</param>
/// <param name="OwnsConnection">Whether the runtime disposes of <paramref name="Connection"/>.</param>
/// <param name="EmbeddingGenerator">The host's embedding generator; <see langword="null"/>: the model of the options, or none.</param>
/// <param name="Reranker">The host's re-ranker; <see langword="null"/>: the model of the options, or none.</param>
/// <param name="ContextLoader">Loads values from Redis into memory.</param>
/// <param name="Loggers">Creates the loggers.</param>
/// <param name="Meters">Creates the meter; <see langword="null"/>: a meter without a factory.</param>
/// <param name="Time">The clock.</param>
/// <param name="Key">Key of the runtime, a tag of its measurements; <see langword="null"/>: it has none.</param>
internal sealed record RuntimeComponents(
    IInferenceEngine Engine,
    IRedisConnectionSource Connection,
    bool OwnsConnection,
    IEmbeddingGenerator<string, Embedding<float>>? EmbeddingGenerator,
    IReranker? Reranker,
    IContextLoader ContextLoader,
    ILoggerFactory Loggers,
    IMeterFactory? Meters,
    TimeProvider Time,
    string? Key);
