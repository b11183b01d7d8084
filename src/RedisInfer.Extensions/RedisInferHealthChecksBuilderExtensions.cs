using Microsoft.Extensions.Diagnostics.HealthChecks;
using RedisInfer;
using RedisInfer.Extensions;

// By convention, registrations are in this namespace, so that a host's set-up code needs no using for them.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds RedisInfer to a host's health checks.</summary>
public static class RedisInferHealthChecksBuilderExtensions
{
    private const string DefaultName = "redisinfer";

    /// <summary>
    /// Adds a check of a runtime: whether Redis answers and keeps documents, the corpus fits the models, the models are loaded or can be,
    /// and the queue has room. It loads no model and ends within some seconds. See <see cref="RagRuntime.CheckHealthAsync"/>.
    /// </summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="key">Key of the runtime; <see langword="null"/>: the one without a key.</param>
    /// <param name="name">Name of the check. Default: <c>redisinfer</c>, with the key if there is one.</param>
    /// <param name="failureStatus">What is reported if questions fail. Default: unhealthy.</param>
    /// <param name="tags">Tags of the check.</param>
    /// <returns>The same builder.</returns>
    public static IHealthChecksBuilder AddRedisInfer(
        this IHealthChecksBuilder builder, string? key = null, string? name = null, HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name ?? (key is null ? DefaultName : $"{DefaultName}-{key}"),
            provider => new RedisInferHealthCheck(provider.GetRequiredKeyedService<RagRuntime>(key)),
            failureStatus,
            tags));
    }
}
