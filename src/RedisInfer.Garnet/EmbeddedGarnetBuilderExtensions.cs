using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RedisInfer.Extensions;
using RedisInfer.Garnet;
using RedisInfer.Redis;

// By convention, registrations are in this namespace, so that a host's set-up code needs no using for them.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the embedded server.</summary>
public static class EmbeddedGarnetBuilderExtensions
{
    /// <summary>
    /// Stores the runtime's data in a Garnet server inside this process, instead of a Redis server. Nothing needs to be installed. The
    /// server starts at its first use and stops with the container. The place of the data must be set:
    /// <c>UseEmbeddedGarnet(o => o.DataDirectory = "data")</c> or <c>UseEmbeddedGarnet(o => o.InMemory = true)</c>.
    /// </summary>
    /// <param name="builder">The builder of the runtime.</param>
    /// <param name="configure">Sets the options. They are validated when the host starts.</param>
    /// <returns>The same builder.</returns>
    public static IRedisInferBuilder UseEmbeddedGarnet(this IRedisInferBuilder builder, Action<GarnetOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        string name = builder.Key ?? Options.Options.DefaultName;
        builder.Services.AddOptions<GarnetOptions>(name).Configure(configure).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<GarnetOptions>>(new GarnetOptionsCheck(name));
        builder.Services.AddKeyedSingleton<IRedisConnectionSource>(builder.Key, (provider, _) => new EmbeddedGarnetServer(
            provider.GetRequiredService<IOptionsMonitor<GarnetOptions>>().Get(name),
            provider.GetService<ILoggerFactory>(),
            provider.GetService<TimeProvider>()));
        return builder;
    }
}
