using System.Numerics.Tensors;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using RedisInfer.Embedding;
using RedisInfer.Tests.Integration.Llama;
using RedisInfer.Tests.OnnxReference;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Gguf;

namespace RedisInfer.Tests.Integration.Embedding;

/// <summary>The embedding model that the build makes, against the same weights in ONNX Runtime.</summary>
public sealed class MiniLmTests(LlamaUnderTest engine)
{
    private const float LeastCosine = 0.999f;

    [Fact]
    public async Task VectorsAreThoseOfOnnxRuntime()
    {
        string path = MiniLm.Require();
        using var generator = new ModelEmbeddingGenerator(engine.Load(path), 1, pinThreads: true, NullLogger.Instance);
        using var reference = new OnnxMiniLm(threads: 1);
        string[] texts =
        [
            .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "samples", "ConsoleDemo", "handbook"), "*.md", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .SelectMany(file => File.ReadAllText(file).Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
                .Where(text => text.All(char.IsAscii))
                .Take(60),
            "How early must dangerous goods be declared?",
            "e",
            "LW-204: kv_cache = 0x1F; return buf[2] ?? (a+b)*c",
        ];

        GeneratedEmbeddings<Embedding<float>> vectors =
            await generator.GenerateAsync(texts, cancellationToken: TestContext.Current.CancellationToken);

        float[][] expected = [.. texts.Chunk(8).SelectMany(reference.Embed)];
        float[] cosines = [.. vectors.Select((vector, i) => TensorPrimitives.Dot(vector.Vector.Span, expected[i]))];
        Assert.All(cosines, cosine => Assert.InRange(cosine, LeastCosine, 1.0001f));
    }

    [Fact]
    public async Task ParaphraseIsNearerThanATextWithTheSameWords()
    {
        using var generator = new ModelEmbeddingGenerator(engine.Load(MiniLm.Require()), 1, pinThreads: true, NullLogger.Instance);
        GeneratedEmbeddings<Embedding<float>> vectors = await generator.GenerateAsync(
            ["How do I get my money back?", "Customers are refunded within ten days.", "How do I get to the back of the hall?"],
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(Cosine(0, 1) > Cosine(0, 2));

        float Cosine(int a, int b) => TensorPrimitives.Dot(vectors[a].Vector.Span, vectors[b].Vector.Span);
    }
}
