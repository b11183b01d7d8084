using Microsoft.Extensions.Hosting;
using RedisInfer.Orleans.Grains;
using StackExchange.Redis;

// By convention, registrations are in this namespace, so that a host's set-up code needs no using for them.
namespace Orleans.Hosting;

/// <summary>Lets silos and clients form a cluster with Redis as its only infrastructure.</summary>
public static class RedisInferSiloBuilderExtensions
{
    // No question takes as long. What a silo that was killed has left in Redis ends then.
    private static readonly TimeSpan QuestionLimit = TimeSpan.FromHours(1);

    /// <summary>Keeps the members of the cluster and the directory of questions in Redis.</summary>
    /// <param name="silo">The builder of the silo.</param>
    /// <param name="redis">The server, as a StackExchange.Redis configuration. It may be that of the documents.</param>
    /// <returns>The same builder.</returns>
    public static ISiloBuilder UseRedisInferCluster(this ISiloBuilder silo, string redis)
    {
        ArgumentNullException.ThrowIfNull(silo);
        ArgumentException.ThrowIfNullOrWhiteSpace(redis);
        return silo.UseRedisClustering(redis).AddRedisInferDirectory(redis);
    }

    /// <summary>Keeps the directory of questions in Redis, for a silo with a clustering of its own.</summary>
    /// <param name="silo">The builder of the silo.</param>
    /// <param name="redis">The server, as a StackExchange.Redis configuration.</param>
    /// <returns>The same builder.</returns>
    public static ISiloBuilder AddRedisInferDirectory(this ISiloBuilder silo, string redis)
    {
        ArgumentNullException.ThrowIfNull(silo);
        ArgumentException.ThrowIfNullOrWhiteSpace(redis);
        return silo.AddRedisGrainDirectory(GrainDirectories.Questions, options =>
        {
            options.ConfigurationOptions = ConfigurationOptions.Parse(redis);
            options.EntryExpiry = QuestionLimit;
        });
    }

    /// <summary>Finds the silos of a cluster in Redis.</summary>
    /// <param name="client">The builder of the client.</param>
    /// <param name="redis">The server, as a StackExchange.Redis configuration.</param>
    /// <returns>The same builder.</returns>
    public static IClientBuilder UseRedisInferCluster(this IClientBuilder client, string redis)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrWhiteSpace(redis);
        return client.UseRedisClustering(redis);
    }
}
