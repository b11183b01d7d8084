using Microsoft.Extensions.Hosting;

namespace RedisInfer.Extensions;

/// <summary>Loads a runtime while the host starts. So the first question does not wait, and a bad model stops the start.</summary>
internal sealed class RuntimeWarmUp(RagRuntime runtime) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => runtime.WarmUpAsync(progress: null, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
