using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RedisInfer.Extensions;

/// <summary>Tells a host's health checks how a runtime is.</summary>
internal sealed class RedisInferHealthCheck(RagRuntime runtime) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        RagHealth health = await runtime.CheckHealthAsync(cancellationToken).ConfigureAwait(false);
        HealthStatus status = health.State switch
        {
            RagHealthState.Healthy => HealthStatus.Healthy,
            RagHealthState.Degraded => HealthStatus.Degraded,
            _ => context.Registration.FailureStatus,
        };
        return new HealthCheckResult(status, health.Problems.Count > 0 ? string.Join(" ", health.Problems) : null, exception: null, health.Data);
    }
}
