using System.Diagnostics.Metrics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RedisInfer;
using RedisInfer.Chunking;
using RedisInfer.Extensions;
using RedisInfer.Inference;
using RedisInfer.Redis;
using RedisInfer.Retrieval;
using StackExchange.Redis;

// By convention, registrations are in this namespace, so that a host's set-up code needs no using for them.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers RedisInfer.</summary>
public static class RedisInferServiceCollectionExtensions
{
    /// <summary>
    /// Registers <see cref="IRagGenerator"/>, <see cref="IRagIndex"/> and <see cref="RagRuntime"/> as singletons. The container disposes of
    /// the runtime. The options are validated when the host starts; one message lists every problem.
    /// </summary>
    /// <param name="services">The service collection.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>A builder that replaces parts of the runtime.</returns>
    public static IRedisInferBuilder AddRedisInfer(this IServiceCollection services, Action<RedisInferOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        return Add(services, key: null, options => options.Configure(configure));
    }

    /// <summary>
    /// Same as <see cref="AddRedisInfer(IServiceCollection, Action{RedisInferOptions})"/>, with options from configuration.
    /// </summary>
    /// <param name="services">The service collection.</param>
    /// <param name="configuration">A section with the names of <see cref="RedisInferOptions"/>. An unknown name is an error.</param>
    /// <returns>A builder that replaces parts of the runtime.</returns>
    public static IRedisInferBuilder AddRedisInfer(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        return Add(services, key: null, options => options.Bind(configuration, binder => binder.ErrorOnUnknownConfiguration = true));
    }

    /// <summary>
    /// Registers a runtime with a key, in addition to others: for several models or corpora in one host. Resolve its services as keyed
    /// services, for example with <c>[FromKeyedServices("legal")]</c>.
    /// </summary>
    /// <param name="services">The service collection.</param>
    /// <param name="key">Key of the runtime, and name of its options.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>A builder that replaces parts of this runtime.</returns>
    public static IRedisInferBuilder AddKeyedRedisInfer(
        this IServiceCollection services, string key, Action<RedisInferOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(configure);
        return Add(services, key, options => options.Configure(configure));
    }

    private static RedisInferBuilder Add(
        IServiceCollection services, string? key, Action<OptionsBuilder<RedisInferOptions>> configure)
    {
        string name = key ?? Options.Options.DefaultName;
        configure(services.AddOptions<RedisInferOptions>(name).ValidateOnStart());
        services.AddSingleton<IValidateOptions<RedisInferOptions>>(new RedisInferOptionsCheck(name));
        services.TryAddKeyedSingleton(key, (provider, _) => CreateRuntime(provider, key));
        services.TryAddKeyedSingleton(key, (provider, _) => provider.GetRequiredKeyedService<RagRuntime>(key).Generator);
        services.TryAddKeyedSingleton(key, (provider, _) => provider.GetRequiredKeyedService<RagRuntime>(key).Index);
        return new RedisInferBuilder(services, key);
    }

    private static RagRuntime CreateRuntime(IServiceProvider provider, string? key)
    {
        RedisInferOptions options = provider.GetRequiredService<IOptionsMonitor<RedisInferOptions>>()
            .Get(key ?? Options.Options.DefaultName);
        return new RagRuntime(options, new RagComponents
        {
            Connection = provider.GetKeyedService<IRedisConnectionSource>(key) ?? FromHost(provider, options),
            DocumentReaders = [.. provider.GetKeyedServices<IDocumentReader>(key)],
            Chunker = provider.GetKeyedService<IChunker>(key),
            EmbeddingGenerator = provider.GetKeyedService<IEmbeddingGenerator<string, Embedding<float>>>(key),
            Reranker = provider.GetKeyedService<IReranker>(key),
            InferenceEngine = provider.GetKeyedService<IInferenceEngine>(key),
            ContextLoader = provider.GetKeyedService<IContextLoader>(key),
            LoggerFactory = provider.GetService<ILoggerFactory>(),
            MeterFactory = provider.GetService<IMeterFactory>(),
            TimeProvider = provider.GetService<TimeProvider>(),
            Key = key,
        });
    }

    /// <summary>If the options name no server, uses the host's registered connection, if any.</summary>
    private static IRedisConnectionSource? FromHost(IServiceProvider provider, RedisInferOptions options) =>
        string.IsNullOrWhiteSpace(options.Redis) && provider.GetService<IConnectionMultiplexer>() is { } connection
            ? RedisConnectionSource.FromExisting(connection)
            : null;
}
