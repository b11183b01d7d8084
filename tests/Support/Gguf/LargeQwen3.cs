namespace RedisInfer.Tests.Support.Gguf;

/// <summary>Models for benchmarks: as large and as slow as real ones, but with random weights.</summary>
public static class LargeQwen3
{
    /// <summary>A part of the file name. Change it whenever the written bytes change, or old files would still be used.</summary>
    private const string Recipe = "r1";

    private const ulong Seed = 1;

    /// <summary>
    /// Returns the path of a model in the cache. Creates the file on first use: seconds for 0.6B, up to a minute for 4B.
    /// </summary>
    /// <param name="shape">Usually <see cref="Qwen3Shape.Qwen3_0_6B"/> or <see cref="Qwen3Shape.Qwen3_4B"/>.</param>
    /// <param name="type">
    /// <see cref="GgufTensorType.Q8_0"/> or <see cref="GgufTensorType.Q4_0"/>. The token embeddings are also the output layer. They are
    /// always Q8_0, because quantizers keep that matrix finer than the rest.
    /// </param>
    public static string GetOrCreate(Qwen3Shape shape, GgufTensorType type) => ModelCache.GetOrCreate(
        $"{shape.Name}-random-{type}-{Recipe}.gguf",
        stream => Build(shape, type).WriteTo(stream));

    public static GgufModel Build(Qwen3Shape shape, GgufTensorType type) => Qwen3Model.Build(
        $"{shape.Name}-random", shape, new ByteLevelVocabulary(shape.VocabularySize), (name, dimensions) => Make(name, dimensions, type));

    private static GgufTensor Make(string name, long[] dimensions, GgufTensorType type)
    {
        if (dimensions.Length == 1)
            return GgufTensor.FromRows(name, GgufTensorType.F32, dimensions, (_, row) => row.Fill(1));
        return RandomBlocks.Make(name, name == "token_embd.weight" ? GgufTensorType.Q8_0 : type, dimensions, Seed);
    }
}
