using RedisInfer.Threads;

namespace RedisInfer.Hosting;

/// <summary>What the host sees of a generator.</summary>
internal sealed class HostedGenerator(IRagGenerator generator) : IRagGenerator
{
    public Task<RagAnswer> GenerateAsync(RagRequest request, CancellationToken cancellationToken = default) =>
        generator.GenerateAsync(request, cancellationToken).ForHost();

    public IAsyncEnumerable<RagUpdate> GenerateStreamingAsync(RagRequest request, CancellationToken cancellationToken = default) =>
        generator.GenerateStreamingAsync(request, cancellationToken).ForHost();
}
