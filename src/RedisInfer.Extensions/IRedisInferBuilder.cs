using Microsoft.Extensions.DependencyInjection;

namespace RedisInfer.Extensions;

/// <summary>Configures one runtime after <c>AddRedisInfer</c>.</summary>
public interface IRedisInferBuilder
{
    /// <summary>The service collection.</summary>
    IServiceCollection Services { get; }

    /// <summary>Key of the runtime; <see langword="null"/> if it has none.</summary>
    string? Key { get; }
}
