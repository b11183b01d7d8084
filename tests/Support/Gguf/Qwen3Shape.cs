namespace RedisInfer.Tests.Support.Gguf;

/// <summary>The dimensions of a Qwen3 model. The large ones are those of Qwen's published configurations.</summary>
public sealed record Qwen3Shape
{
    public required string Name { get; init; }

    public required int EmbeddingLength { get; init; }

    public required int BlockCount { get; init; }

    public required int HeadCount { get; init; }

    public required int KvHeadCount { get; init; }

    public required int HeadLength { get; init; }

    public required int FeedForwardLength { get; init; }

    public required int VocabularySize { get; init; }

    public int ContextLength { get; init; } = 40960;

    public float RopeBase { get; init; } = 1_000_000;

    /// <summary>Whether the output layer is the token embedding.</summary>
    public required bool Tied { get; init; }

    /// <summary>Two blocks of width 64, with grouped-query attention and a head length that every KV type accepts.</summary>
    public static Qwen3Shape Tiny { get; } = new()
    {
        Name = "tiny",
        EmbeddingLength = 64,
        BlockCount = 2,
        HeadCount = 4,
        KvHeadCount = 2,
        HeadLength = 64,
        FeedForwardLength = 128,
        VocabularySize = 0,
        ContextLength = 8192,
        RopeBase = 10_000,
        Tied = false,
    };

    public static Qwen3Shape Qwen3_0_6B { get; } = new()
    {
        Name = "qwen3-0.6b",
        EmbeddingLength = 1024,
        BlockCount = 28,
        HeadCount = 16,
        KvHeadCount = 8,
        HeadLength = 128,
        FeedForwardLength = 3072,
        VocabularySize = 151_936,
        Tied = true,
    };

    public static Qwen3Shape Qwen3_4B { get; } = new()
    {
        Name = "qwen3-4b",
        EmbeddingLength = 2560,
        BlockCount = 36,
        HeadCount = 32,
        KvHeadCount = 8,
        HeadLength = 128,
        FeedForwardLength = 9728,
        VocabularySize = 151_936,
        Tied = true,
    };
}
