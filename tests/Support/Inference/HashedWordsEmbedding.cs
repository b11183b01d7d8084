using System.IO.Hashing;
using System.Runtime.InteropServices;
using Microsoft.Extensions.AI;

namespace RedisInfer.Tests.Support.Inference;

/// <summary>
/// An embedding without a model: each word of a text adds 1 at the dimension that its hash selects. Texts that share words are near
/// each other. Thread-safe.
/// </summary>
/// <param name="dimensions">Length of the vectors.</param>
public sealed class HashedWordsEmbedding(int dimensions) : IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly EmbeddingGeneratorMetadata _metadata = new("hashed-words", null, "hashed-words", dimensions);

    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(text => new Embedding<float>(Embed(text)))));

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata
        : serviceType.IsInstanceOfType(this) ? this
        : null;

    public void Dispose()
    {
    }

    private float[] Embed(string text)
    {
        float[] vector = new float[dimensions];
        string separated = string.Concat(text.Select(c => char.IsLetterOrDigit(c) ? char.ToLowerInvariant(c) : ' '));
        foreach (string word in separated.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            vector[XxHash3.HashToUInt64(MemoryMarshal.AsBytes(word.AsSpan())) % (ulong)dimensions]++;
        }

        return vector;
    }
}
