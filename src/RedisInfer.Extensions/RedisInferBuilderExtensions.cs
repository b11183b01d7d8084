using Microsoft.Extensions.AI;
using Microsoft.Extensions.Hosting;
using RedisInfer;
using RedisInfer.Chunking;
using RedisInfer.Extensions;
using RedisInfer.Inference;
using RedisInfer.Redis;
using RedisInfer.Retrieval;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Replaces parts of a runtime.</summary>
public static class RedisInferBuilderExtensions
{
    /// <summary>Cuts documents with another chunker.</summary>
    /// <typeparam name="TChunker">The chunker; made by the container, once.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    public static IRedisInferBuilder UseChunker<TChunker>(this IRedisInferBuilder builder)
        where TChunker : class, IChunker => Use<IChunker, TChunker>(builder);

    /// <summary>Embeds texts with another generator.</summary>
    /// <typeparam name="TGenerator">The generator; made by the container, once.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    public static IRedisInferBuilder UseEmbeddingGenerator<TGenerator>(this IRedisInferBuilder builder)
        where TGenerator : class, IEmbeddingGenerator<string, Embedding<float>> =>
        Use<IEmbeddingGenerator<string, Embedding<float>>, TGenerator>(builder);

    /// <summary>Ranks passages once more after they were found.</summary>
    /// <typeparam name="TReranker">The re-ranker; made by the container, once.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    public static IRedisInferBuilder UseReranker<TReranker>(this IRedisInferBuilder builder)
        where TReranker : class, IReranker => Use<IReranker, TReranker>(builder);

    /// <summary>Loads stored attention states in another way.</summary>
    /// <typeparam name="TLoader">The loader; made by the container, once.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    public static IRedisInferBuilder UseContextLoader<TLoader>(this IRedisInferBuilder builder)
        where TLoader : class, IContextLoader => Use<IContextLoader, TLoader>(builder);

    /// <summary>Runs models with another engine.</summary>
    /// <typeparam name="TEngine">The engine; made by the container, once.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    public static IRedisInferBuilder UseInferenceEngine<TEngine>(this IRedisInferBuilder builder)
        where TEngine : class, IInferenceEngine => Use<IInferenceEngine, TEngine>(builder);

    /// <summary>
    /// Loads the models and connects while the host starts. Without it the first use does.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    public static IRedisInferBuilder WarmUpOnStart(this IRedisInferBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<IHostedService>(
            provider => new RuntimeWarmUp(provider.GetRequiredKeyedService<RagRuntime>(builder.Key)));
        return builder;
    }

    private static IRedisInferBuilder Use<TService, TImplementation>(IRedisInferBuilder builder)
        where TService : class
        where TImplementation : class, TService
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddKeyedSingleton<TService, TImplementation>(builder.Key);
        return builder;
    }
}
