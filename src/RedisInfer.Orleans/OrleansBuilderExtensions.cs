using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Serialization;
using RedisInfer;
using RedisInfer.Extensions;
using RedisInfer.Orleans;
using RedisInfer.Orleans.Placement;
using RedisInfer.Orleans.Relay;

// By convention, registrations are in this namespace, so that a host's set-up code needs no using for them.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers routing between the hosts of an Orleans cluster.</summary>
public static class OrleansBuilderExtensions
{
    /// <summary>
    /// Lets the hosts of a cluster answer each other's questions: each where its context is warm. The host must have an Orleans silo, with
    /// <see cref="Orleans.Hosting.RedisInferSiloBuilderExtensions.UseRedisInferCluster(Orleans.Hosting.ISiloBuilder, string)"/> or a clustering
    /// of its own. <see cref="IRagGenerator"/> then routes; <see cref="RagRuntime.Generator"/> still answers on this host. The model is loaded
    /// when the silo starts.
    /// </summary>
    /// <param name="builder">The builder of the runtime.</param>
    /// <param name="configure">Sets the options, which all runtimes of the host share. They are validated when the host starts.</param>
    /// <returns>The same builder.</returns>
    public static IRedisInferBuilder UseOrleans(this IRedisInferBuilder builder, Action<OrleansRoutingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        string? key = builder.Key;
        IServiceCollection services = builder.Services;
        AddRelay(services, configure);
        if (!services.Any(service => service.ServiceType == typeof(SiloTable)))
        {
            services.AddSingleton<SiloTable>().AddSingleton<ReportClient>().AddSingleton<RoutedGenerators>();
            services.AddPlacementDirector<ContextPlacement, ContextPlacementDirector>();
            services.AddGrainService<ReportService>();
        }

        services.AddKeyedSingleton(key, (provider, _) => new LocalRuntime(
            key,
            provider.GetRequiredKeyedService<RagRuntime>(key),
            provider.GetRequiredService<IOptionsMonitor<RedisInferOptions>>().Get(key ?? Options.Options.DefaultName).Capacity.MaxConcurrentRequests));
        services.AddKeyedSingleton(key, (provider, _) => CreateGenerator(provider, key));
        services.AddKeyedSingleton(key, (provider, _) => new RagCluster(
            provider.GetRequiredKeyedService<LocalRuntime>(key), provider.GetRequiredService<SiloTable>()));
        if (key is not null)
        {
            services.AddSingleton(provider => provider.GetRequiredKeyedService<LocalRuntime>(key));
            services.AddSingleton(provider => provider.GetRequiredKeyedService<RoutedGenerator>(key));
        }

        services.AddKeyedSingleton<IRagGenerator>(key, (provider, _) => provider.GetRequiredKeyedService<RoutedGenerator>(key));
        return builder;
    }

    /// <summary>
    /// Registers an <see cref="IRagGenerator"/> that asks a cluster of which this host is only a client: it needs no model and no Redis of its
    /// own. The host must have an Orleans client.
    /// </summary>
    /// <param name="services">The service collection.</param>
    /// <param name="key">Key of the runtimes that are asked, and of the generator; <see langword="null"/>: those without one.</param>
    /// <param name="configure">Sets the options. They are validated when the host starts.</param>
    /// <returns>The same collection.</returns>
    public static IServiceCollection AddRedisInferClient(
        this IServiceCollection services, string? key = null, Action<OrleansRoutingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        AddRelay(services, configure);
        return services.AddKeyedSingleton<IRagGenerator>(key, (provider, _) => new ClientGenerator(
            key, provider.GetRequiredService<IGrainFactory>(), provider.GetRequiredService<AnswerRelay>(), provider.GetRequiredService<TimeProvider>()));
    }

    private static void AddRelay(IServiceCollection services, Action<OrleansRoutingOptions>? configure)
    {
        services.AddOptions<OrleansRoutingOptions>().Configure(configure ?? (_ => { })).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<OrleansRoutingOptions>, OrleansRoutingOptionsCheck>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new AnswerRelay(
            provider.GetRequiredService<IOptions<OrleansRoutingOptions>>().Value.SilenceTimeout,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetService<ILogger<AnswerRelay>>() ?? NullLogger<AnswerRelay>.Instance));
        services.AddSerializer(serializer => serializer.AddAssembly(typeof(OrleansBuilderExtensions).Assembly));
    }

    private static RoutedGenerator CreateGenerator(IServiceProvider provider, string? key) =>
        provider.GetService<ILocalSiloDetails>() is null
            ? throw new InvalidOperationException(
                "UseOrleans() needs a silo in this host: call UseOrleans(silo => silo.UseRedisInferCluster(redis)) on the host's builder. "
                + "A host that is only a client calls AddRedisInferClient() instead.")
            : new RoutedGenerator(
                provider.GetRequiredKeyedService<LocalRuntime>(key),
                provider.GetRequiredService<SiloTable>(),
                provider.GetRequiredService<IGrainFactory>(),
                provider.GetRequiredService<AnswerRelay>(),
                provider.GetRequiredService<TimeProvider>());
}
