using System.Diagnostics.Metrics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using RedisInfer.Inference;
using RedisInfer.Redis;

namespace RedisInfer.Hosting;

/// <summary>The parts that a runtime is made of: the host's, or the defaults.</summary>
/// <param name="Engine">Runs models.</param>
/// <param name="Connection">Where the connection comes from.</param>
/// <param name="OwnsConnection">Whether the runtime disposes of <paramref name="Connection"/>.</param>
/// <param name="EmbeddingGenerator">The host's embedding; <see langword="null"/>: that of the options, or none.</param>
/// <param name="ContextLoader">How values of Redis reach memory.</param>
/// <param name="Loggers">Where logs go.</param>
/// <param name="Meters">Where metrics go; <see langword="null"/>: to a meter of no factory.</param>
/// <param name="Time">The clock.</param>
internal sealed record RuntimeComponents(
    IInferenceEngine Engine,
    IRedisConnectionSource Connection,
    bool OwnsConnection,
    IEmbeddingGenerator<string, Embedding<float>>? EmbeddingGenerator,
    IContextLoader ContextLoader,
    ILoggerFactory Loggers,
    IMeterFactory? Meters,
    TimeProvider Time);
