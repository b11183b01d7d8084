using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RedisInfer.Extensions;
using RedisInfer.Garnet;
using RedisInfer.Redis;

// By convention registrations stand where a host's set-up code finds them without a using.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts a Redis-compatible server into the process.</summary>
public static class EmbeddedGarnetBuilderExtensions
{
    /// <summary>
    /// Keeps the runtime's data in a Garnet server inside this process, in place of a Redis server: nothing to install. Starts at
    /// the first use, ends with the container. Where the data goes must be chosen:
    /// <c>UseEmbeddedGarnet(o => o.DataDirectory = "data")</c> or <c>UseEmbeddedGarnet(o => o.InMemory = true)</c>.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets the options; they are validated when the host starts.</param>
    /// <returns>The builder.</returns>
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
