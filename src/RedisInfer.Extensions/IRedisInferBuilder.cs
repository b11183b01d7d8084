using Microsoft.Extensions.DependencyInjection;

namespace RedisInfer.Extensions;

/// <summary>Continues the set-up of one runtime after <c>AddRedisInfer</c>.</summary>
public interface IRedisInferBuilder
{
    /// <summary>The service collection.</summary>
    IServiceCollection Services { get; }

    /// <summary>The key of a keyed runtime; <see langword="null"/> for the one without.</summary>
    string? Key { get; }
}
