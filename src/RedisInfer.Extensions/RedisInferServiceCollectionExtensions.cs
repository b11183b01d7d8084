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

// By convention registrations stand where a host's set-up code finds them without a using.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers RedisInfer.</summary>
public static class RedisInferServiceCollectionExtensions
{
    /// <summary>
    /// Registers <see cref="IRagGenerator"/>, <see cref="IRagIndex"/> and <see cref="RagRuntime"/> as singletons. Options are
    /// validated when the host starts, with all problems in one message.
    /// </summary>
    /// <param name="services">The service collection.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The builder, to replace parts.</returns>
    public static IRedisInferBuilder AddRedisInfer(this IServiceCollection services, Action<RedisInferOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        return Add(services, key: null, options => options.Configure(configure));
    }

    /// <summary>As <see cref="AddRedisInfer(IServiceCollection, Action{RedisInferOptions})"/>, with options from configuration.</summary>
    /// <param name="services">The service collection.</param>
    /// <param name="configuration">The section whose names are those of <see cref="RedisInferOptions"/>.</param>
    /// <returns>The builder, to replace parts.</returns>
    public static IRedisInferBuilder AddRedisInfer(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        return Add(services, key: null, options => options.Bind(configuration, binder => binder.ErrorOnUnknownConfiguration = true));
    }

    /// <summary>
    /// Registers a runtime under a key, beside others: several models or corpora in one host. Resolve its services as keyed
    /// services, for example with <c>[FromKeyedServices("legal")]</c>.
    /// </summary>
    /// <param name="services">The service collection.</param>
    /// <param name="key">The key; also the name of its options.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The builder, to replace parts of this runtime.</returns>
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
            Chunker = provider.GetKeyedService<IChunker>(key),
            EmbeddingGenerator = provider.GetKeyedService<IEmbeddingGenerator<string, Embedding<float>>>(key),
            Reranker = provider.GetKeyedService<IReranker>(key),
            InferenceEngine = provider.GetKeyedService<IInferenceEngine>(key),
            ContextLoader = provider.GetKeyedService<IContextLoader>(key),
            LoggerFactory = provider.GetService<ILoggerFactory>(),
            MeterFactory = provider.GetService<IMeterFactory>(),
            TimeProvider = provider.GetService<TimeProvider>(),
        });
    }

    /// <summary>A connection that the host has registered for itself serves too, unless the options name a server.</summary>
    private static IRedisConnectionSource? FromHost(IServiceProvider provider, RedisInferOptions options) =>
        string.IsNullOrWhiteSpace(options.Redis) && provider.GetService<IConnectionMultiplexer>() is { } connection
            ? RedisConnectionSource.FromExisting(connection)
            : null;
}
