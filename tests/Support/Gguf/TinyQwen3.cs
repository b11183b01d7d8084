namespace RedisInfer.Tests.Support.Gguf;

/// <summary>
/// Small models of architecture <c>qwen3</c> with random weights. They compute what a real model computes, including attention over
/// all earlier tokens. Their text is meaningless but readable. In the output layer, the rows of special tokens and of bytes outside
/// printable ASCII are zero, so that greedy decoding never picks them.
/// </summary>
public static class TinyQwen3
{
    /// <summary>Found by trial: with the default seed, an answer ends after 2 to 100 tokens.</summary>
    public const float TypicalEndOfTurnWeight = 3.25f;

    private const uint MeanPooling = 1, LastPooling = 3;

    /// <summary>A model that generates text.</summary>
    /// <param name="type">Encoding of its matrices. Vectors are always F32.</param>
    /// <param name="seed">Another seed gives another model with the same shape and vocabulary.</param>
    /// <param name="endOfTurnWeight">
    /// How strongly every hidden state favors the end of the turn. With 0, greedy text never ends by itself. With
    /// <see cref="TypicalEndOfTurnWeight"/>, it ends after some tens of tokens, at a point that depends on the prompt.
    /// </param>
    /// <param name="vocabularySize">Least number of tokens; 0: about a thousand.</param>
    public static GgufModel Text(GgufTensorType type = GgufTensorType.F16, ulong seed = 1, float endOfTurnWeight = 0, int vocabularySize = 0)
    {
        ByteLevelVocabulary vocabulary = vocabularySize == 0 ? ByteLevelVocabulary.Small : new ByteLevelVocabulary(vocabularySize);
        var weights = new TinyWeights(type, seed)
        {
            KeepsRow = vocabulary.KeepsRow,
            SteadyOutput = (vocabulary.IdOf(ByteLevelVocabulary.EndOfTurn), endOfTurnWeight),
        };
        return Qwen3Model.Build("tiny-text", Qwen3Shape.Tiny, vocabulary, weights.Make);
    }

    /// <summary>A decoder whose pooling type declares it an embedding model.</summary>
    public static GgufModel Embedding(bool mean = false, GgufTensorType type = GgufTensorType.F16, ulong seed = 1)
    {
        GgufModel model = Qwen3Model.Build(
            "tiny-decoder-embedding", Qwen3Shape.Tiny with { Tied = true }, ByteLevelVocabulary.Small, new TinyWeights(type, seed).Make);
        model.Metadata.Set("qwen3.pooling_type", mean ? MeanPooling : LastPooling);
        return model;
    }
}
