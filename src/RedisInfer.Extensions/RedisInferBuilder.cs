using Microsoft.Extensions.DependencyInjection;

namespace RedisInfer.Extensions;

internal sealed record RedisInferBuilder(IServiceCollection Services, string? Key) : IRedisInferBuilder;
