using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
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
    // What trimming must keep of a type that the container creates.
    private const DynamicallyAccessedMemberTypes Constructors = DynamicallyAccessedMemberTypes.PublicConstructors;

    /// <summary>Adds a reader of documents, after those added before.</summary>
    /// <typeparam name="TReader">The reader; created once, by the container.</typeparam>
    /// <param name="builder">The builder of the runtime.</param>
    /// <returns>The same builder.</returns>
    public static IRedisInferBuilder UseDocumentReader<[DynamicallyAccessedMembers(Constructors)] TReader>(this IRedisInferBuilder builder)
        where TReader : class, IDocumentReader => Use<IDocumentReader, TReader>(builder);

    /// <summary>Splits documents into chunks with another chunker.</summary>
    /// <typeparam name="TChunker">The chunker; created once, by the container.</typeparam>
    /// <param name="builder">The builder of the runtime.</param>
    /// <returns>The same builder.</returns>
    public static IRedisInferBuilder UseChunker<[DynamicallyAccessedMembers(Constructors)] TChunker>(this IRedisInferBuilder builder)
        where TChunker : class, IChunker => Use<IChunker, TChunker>(builder);

    /// <summary>Embeds texts with another generator.</summary>
    /// <typeparam name="TGenerator">The generator; created once, by the container.</typeparam>
    /// <param name="builder">The builder of the runtime.</param>
    /// <returns>The same builder.</returns>
    public static IRedisInferBuilder UseEmbeddingGenerator<[DynamicallyAccessedMembers(Constructors)] TGenerator>(this IRedisInferBuilder builder)
        where TGenerator : class, IEmbeddingGenerator<string, Embedding<float>> =>
        Use<IEmbeddingGenerator<string, Embedding<float>>, TGenerator>(builder);

    /// <summary>Scores retrieved passages again with a re-ranker.</summary>
    /// <typeparam name="TReranker">The re-ranker; created once, by the container.</typeparam>
    /// <param name="builder">The builder of the runtime.</param>
    /// <returns>The same builder.</returns>
    public static IRedisInferBuilder UseReranker<[DynamicallyAccessedMembers(Constructors)] TReranker>(this IRedisInferBuilder builder)
        where TReranker : class, IReranker => Use<IReranker, TReranker>(builder);

    /// <summary>Loads chunks and KV blocks from Redis with another loader.</summary>
    /// <typeparam name="TLoader">The loader; created once, by the container.</typeparam>
    /// <param name="builder">The builder of the runtime.</param>
    /// <returns>The same builder.</returns>
    public static IRedisInferBuilder UseContextLoader<[DynamicallyAccessedMembers(Constructors)] TLoader>(this IRedisInferBuilder builder)
        where TLoader : class, IContextLoader => Use<IContextLoader, TLoader>(builder);

    /// <summary>Runs the models with another engine.</summary>
    /// <typeparam name="TEngine">The engine; created once, by the container.</typeparam>
    /// <param name="builder">The builder of the runtime.</param>
    /// <returns>The same builder.</returns>
    public static IRedisInferBuilder UseInferenceEngine<[DynamicallyAccessedMembers(Constructors)] TEngine>(this IRedisInferBuilder builder)
        where TEngine : class, IInferenceEngine => Use<IInferenceEngine, TEngine>(builder);

    /// <summary>Connects and loads the models while the host starts. Without this call, the first use does it.</summary>
    /// <param name="builder">The builder of the runtime.</param>
    /// <returns>The same builder.</returns>
    public static IRedisInferBuilder WarmUpOnStart(this IRedisInferBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<IHostedService>(
            provider => new RuntimeWarmUp(provider.GetRequiredKeyedService<RagRuntime>(builder.Key)));
        return builder;
    }

    /// <summary>
    /// Registers an <see cref="IChatClient"/> that answers from the documents of the runtime, as a singleton with the key of the runtime.
    /// </summary>
    /// <param name="builder">The builder of the runtime.</param>
    /// <param name="wrap">
    /// Puts middleware around the client, such as <c>(client, services) => client.AsBuilder().UseOpenTelemetry().Build(services)</c> of
    /// Microsoft.Extensions.AI; <see langword="null"/>: none.
    /// </param>
    /// <returns>The same builder.</returns>
    public static IRedisInferBuilder AddChatClient(
        this IRedisInferBuilder builder, Func<IChatClient, IServiceProvider, IChatClient>? wrap = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        string? key = builder.Key;
        builder.Services.AddKeyedSingleton<IChatClient>(key, (provider, _) =>
        {
            RedisInferOptions options = provider.GetRequiredService<IOptionsMonitor<RedisInferOptions>>().Get(key ?? Options.Options.DefaultName);
            IChatClient client = provider.GetRequiredKeyedService<IRagGenerator>(key).AsChatClient(new RagChatClientOptions
            {
                ModelId = Path.GetFileNameWithoutExtension(options.ModelPath),
                Sampling = options.Sampling,
                LoggerFactory = provider.GetService<ILoggerFactory>(),
                TimeProvider = provider.GetService<TimeProvider>(),
            });
            return wrap is null ? client : wrap(client, provider);
        });
        return builder;
    }

    private static IRedisInferBuilder Use<TService, [DynamicallyAccessedMembers(Constructors)] TImplementation>(IRedisInferBuilder builder)
        where TService : class
        where TImplementation : class, TService
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddKeyedSingleton<TService, TImplementation>(builder.Key);
        return builder;
    }
}
