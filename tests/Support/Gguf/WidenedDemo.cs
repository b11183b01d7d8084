using System.Security.Cryptography;

namespace RedisInfer.Tests.Support.Gguf;

/// <summary>
/// The demo model at a real model's cost, for benchmarks: its answers, computed in a larger shape. Random weights cost as much, but their
/// answers neither end nor repeat what passages say.
/// </summary>
public static class WidenedDemo
{
    /// <summary>A part of the file name. Change it whenever the written bytes change, or old files would still be used.</summary>
    private const string Recipe = "r1";

    private const int EmbeddingLength = 1024;

    /// <summary>Qwen3-0.6B's width and layers, with heads of the demo model's size: 0.44 B parameters, 470 MB.</summary>
    public static Qwen3Shape Large { get; } = new()
    {
        Name = "large",
        EmbeddingLength = EmbeddingLength,
        BlockCount = 28,
        HeadCount = 32,
        KvHeadCount = 16,
        HeadLength = 64,
        FeedForwardLength = 3072,
        VocabularySize = 0,
        Tied = true,
    };

    /// <summary>A shape between the demo model's and <see cref="Large"/>: 65 M parameters, 70 MB, six times as fast.</summary>
    public static Qwen3Shape Medium { get; } = Large with
    {
        Name = "medium",
        EmbeddingLength = EmbeddingLength / 2,
        BlockCount = 16,
        HeadCount = 16,
        KvHeadCount = 8,
        FeedForwardLength = 1536,
    };

    private static string DemoPath { get; } = Path.Combine(Repository.Root, "models", "demo", "redisinfer-demo.gguf");

    /// <summary>Returns the path of the model in the cache. Creates the file on first use, which takes seconds.</summary>
    /// <param name="shape"><see cref="Large"/> or <see cref="Medium"/>.</param>
    public static string GetOrCreate(Qwen3Shape shape)
    {
        byte[] demo = File.ReadAllBytes(DemoPath);
        string hash = Convert.ToHexStringLower(SHA256.HashData(demo))[..16];
        return ModelCache.GetOrCreate($"demo-{shape.Name}-{hash}-{Recipe}.gguf", stream => Build(demo, shape).WriteTo(stream));
    }

    /// <summary>Widens a model.</summary>
    /// <param name="small">A GGUF file of architecture <c>qwen3</c> with tied embeddings.</param>
    /// <param name="shape">The shape. Its heads are of the model's size, and no dimension is smaller than the model's.</param>
    public static GgufModel Build(byte[] small, Qwen3Shape shape)
    {
        var reader = new GgufReader(small);
        var weights = new WidenedWeights(reader, shape);
        var metadata = new GgufMetadata();
        foreach ((string key, object value) in reader.Metadata)
        {
            metadata.Set(key, value is object[] array ? ToTypedArray(array) : value);
        }

        metadata
            .Set("general.name", $"{reader.Metadata["general.name"]}-{shape.Name}")
            .Set("general.file_type", 7u) // mostly Q8_0
            .Set("qwen3.embedding_length", (uint)shape.EmbeddingLength)
            .Set("qwen3.block_count", (uint)shape.BlockCount)
            .Set("qwen3.feed_forward_length", (uint)shape.FeedForwardLength)
            .Set("qwen3.attention.head_count", (uint)shape.HeadCount)
            .Set("qwen3.attention.head_count_kv", (uint)shape.KvHeadCount)
            .Set("qwen3.attention.layer_norm_rms_epsilon", weights.Epsilon);
        return new GgufModel(metadata, [.. Qwen3Model.Tensors(shape, reader.ShapeOf("token_embd.weight")[1], weights.Make)]);
    }

    /// <summary>The writer takes the type of an array's values from the array.</summary>
    private static Array ToTypedArray(object[] values)
    {
        var typed = Array.CreateInstance(values[0].GetType(), values.Length);
        values.CopyTo(typed, 0);
        return typed;
    }
}
