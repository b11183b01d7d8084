using System.Numerics;

namespace RedisInfer.Tests.Support.Gguf;

/// <summary>
/// An embedding model that needs no training and still finds paragraphs. A token's vector is a random direction times the token's
/// rarity. A text's vector is the mean of its tokens' vectors. Texts that share rare tokens are near each other.
/// The model runs on any llama.cpp as a <c>qwen3</c> with mean pooling. Its only block adds nothing, because its weights are zero.
/// </summary>
public static class BagOfTokens
{
    public const int EmbeddingLength = 256;

    private const uint MeanPooling = 1;

    // The final norm divides a row by its length. All rows have the same length, so it divides every token alike and the rarity is
    // kept. The first dimension makes up the difference in length, and output_norm sets it to zero.
    private const int PaddingDimension = 0;

    public static GgufModel Embedding(ulong seed = 1)
    {
        ByteLevelVocabulary vocabulary = ByteLevelVocabulary.Small;
        float[] rarities = [.. Enumerable.Range(0, vocabulary.Tokens.Count).Select(id => Rarity(vocabulary, id))];
        float length = rarities.Max() * 1.01f;

        var shape = Qwen3Shape.Tiny with
        {
            EmbeddingLength = EmbeddingLength,
            BlockCount = 1,
            HeadCount = 1,
            KvHeadCount = 1,
            FeedForwardLength = 32,
            Tied = true,
        };
        GgufModel model = Qwen3Model.Build("bag-of-tokens", shape, vocabulary, (name, dimensions) => name switch
        {
            "token_embd.weight" => GgufTensor.FromRows(name, GgufTensorType.F16, dimensions, (id, row) =>
                FillToken(new ModelRandom(seed, name, id), rarities[id], length, row)),
            "output_norm.weight" => GgufTensor.FromRows(name, GgufTensorType.F32, dimensions, (_, row) =>
            {
                row.Fill(1);
                row[PaddingDimension] = 0;
            }),
            _ => dimensions.Length == 1
                ? GgufTensor.FromRows(name, GgufTensorType.F32, dimensions, (_, row) => row.Fill(1))
                : GgufTensor.FromRows(name, GgufTensorType.F16, dimensions, (_, row) => row.Clear()),
        });
        model.Metadata.Set("qwen3.pooling_type", MeanPooling);
        return model;
    }

    private static void FillToken(ModelRandom random, float rarity, float length, Span<float> row)
    {
        random.Fill(row, 1);
        row[PaddingDimension] = 0;
        float sum = 0;
        foreach (float value in row)
            sum += value * value;
        float scale = rarity / MathF.Sqrt(sum);
        foreach (ref float value in row)
            value *= scale;
        row[PaddingDimension] = MathF.Sqrt((length * length) - (rarity * rarity));
    }

    // The trainer merges frequent pairs first, so the rank of a merge represents its rarity. By Zipf's law, the logarithm of the rank
    // corresponds to the inverse document frequency. Single bytes weigh little. White space and special tokens weigh nothing.
    private static float Rarity(ByteLevelVocabulary vocabulary, int id)
    {
        const int bytes = 256;
        if (id >= vocabulary.FirstSpecial || vocabulary.Tokens[id].All(c => c is '\u0120' or '\u010A' or '\u010D' or '\u0109'))
            return 0;
        return 1 + (id < bytes ? 0 : Log2((uint)(id - bytes + 1)));
    }

    // Interpolates between powers of two, because the last bits of a library's logarithm may differ between platforms.
    private static float Log2(uint value)
    {
        int whole = BitOperations.Log2(value);
        return whole + ((value - (1u << whole)) / (float)(1u << whole));
    }
}
