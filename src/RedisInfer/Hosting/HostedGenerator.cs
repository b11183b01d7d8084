using System.Text.Json.Serialization.Metadata;
using RedisInfer.Threads;

namespace RedisInfer.Hosting;

/// <summary>What the host sees of a generator.</summary>
internal sealed class HostedGenerator(IRagGenerator generator) : IRagGenerator
{
    public Task<RagAnswer> GenerateAsync(RagRequest request, CancellationToken cancellationToken = default) =>
        generator.GenerateAsync(request, cancellationToken).ForHost();

    public Task<RagAnswer<T>> GenerateAsync<T>(RagRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken = default) =>
        generator.GenerateAsync(request, type, cancellationToken).ForHost();

    public IAsyncEnumerable<RagUpdate> GenerateStreamingAsync(RagRequest request, CancellationToken cancellationToken = default) =>
        generator.GenerateStreamingAsync(request, cancellationToken).ForHost();
}
