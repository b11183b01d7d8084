namespace RedisInfer.Tests.Support.Gguf;

/// <summary>
/// Re-rankers whose ranking is known. Some words have a grade. Attention gives the last or the first token the mean grade of all tokens,
/// and the classification head tells it. So of two passages of the same length, the one with the higher grades has the higher score,
/// whatever the question is. Other weights are zero.
/// </summary>
public static class TinyRerankers
{
    /// <summary>Words with a grade, best first. They are one token in both vocabularies, also after a space.</summary>
    public static readonly IReadOnlyList<string> GradedWords = ["queue", "server", "request"];

    /// <summary>The form of Qwen3-Reranker, shorter.</summary>
    public const string Template =
        "<|im_start|>system\nAnswer \"yes\" or \"no\".<|im_end|>\n<|im_start|>user\n<Query>: {query}\n<Document>: {document}<|im_end|>\n"
        + "<|im_start|>assistant\n<think>\n\n</think>\n\n";

    private const int GradeDimension = 0, Width = 64;
    private const float Gain = 20;
    private const uint RankPooling = 4;

    // Grades per word, and what the head's outputs tell of the mean grade.
    private static readonly float[] Grades = [3, 1, -2];

    /// <summary>An encoder as bge-reranker is one (<c>bert</c>): a pair of texts, and one output.</summary>
    /// <param name="oddWord">A word whose embedding is no number.</param>
    /// <param name="saysSo">Whether its metadata says that it is a re-ranker. Many files do not.</param>
    public static GgufModel Encoder(string? oddWord = null, bool saysSo = true)
    {
        GgufModel model = TinyBert.Embedding();
        IReadOnlyList<string> words = WordPieceVocabulary.Small.Tokens;
        model.Metadata.Set("general.name", "tiny-encoder-reranker");
        if (saysSo)
            model.Metadata.Set("bert.pooling_type", RankPooling);
        else
            model.Metadata.Remove("bert.pooling_type");
        return model with
        {
            Tensors =
            [
                .. model.Tensors.Select(tensor => Remade(tensor, words, '\u2581', oddWord)),
                Rows("cls.weight", [Width, Width], (row, values) => values[GradeDimension] = row == GradeDimension ? .2f : 0),
                GgufTensor.FromRows("cls.bias", GgufTensorType.F32, [Width], (_, values) => values.Clear()),
                GgufTensor.FromRows("cls.output.weight", GgufTensorType.F32, [Width, 1], (_, values) => Fill(values, 1)),
                GgufTensor.FromRows("cls.output.bias", GgufTensorType.F32, [1], (_, values) => values.Clear()),
            ],
        };
    }

    /// <summary>A decoder as Qwen3-Reranker is one (<c>qwen3</c>): a template, and outputs for "yes" and "no".</summary>
    /// <param name="labels">Labels of the outputs.</param>
    /// <param name="oddWord">A word whose embedding is no number.</param>
    public static GgufModel Decoder(string[]? labels = null, string? oddWord = null)
    {
        labels ??= ["yes", "no"];
        GgufModel model = TinyQwen3.Embedding();
        model.Metadata
            .Set("general.name", "tiny-decoder-reranker")
            .Set("qwen3.pooling_type", RankPooling)
            .Set("qwen3.classifier.output_labels", labels)
            .Set("tokenizer.chat_template.rerank", Template);
        IReadOnlyList<string> words = ByteLevelVocabulary.Small.Tokens;
        return model with
        {
            Tensors =
            [
                .. model.Tensors.Select(tensor => Remade(tensor, words, '\u0120', oddWord)),
                GgufTensor.FromRows(
                    "cls.output.weight",
                    GgufTensorType.F32,
                    [Width, labels.Length],
                    (row, values) => Fill(values, labels[row] == "yes" ? 1 : labels[row] == "no" ? -1 : 0)),
            ],
        };
    }

    private static GgufTensor Remade(GgufTensor tensor, IReadOnlyList<string> words, char space, string? oddWord)
    {
        long[] shape = [.. tensor.Shape];
        string[] parts = tensor.Name.Split('.');
        return parts[^2] switch
        {
            "token_embd" => Rows(tensor.Name, shape, (id, values) => FillToken(words[(int)id].Replace(space, ' ').Trim(), id, oddWord, values)),
            "attn_v" when parts[^1] == "weight" => Rows(tensor.Name, shape, (row, values) => values[GradeDimension] = row == GradeDimension ? Gain : 0),
            "attn_output" when parts[^1] == "weight" => Rows(tensor.Name, shape, (row, values) => values[GradeDimension] = row == GradeDimension ? 1 : 0),
            var part when part.EndsWith("norm", StringComparison.Ordinal) => tensor,
            _ => GgufTensor.FromRows(tensor.Name, tensor.Type, shape, (_, values) => values.Clear()),
        };
    }

    private static void FillToken(string word, long id, string? oddWord, Span<float> values)
    {
        new ModelRandom(1, "token", id).Fill(values, 1);
        int grade = Array.IndexOf([.. GradedWords], word);
        values[GradeDimension] = word == oddWord ? float.NaN : grade < 0 ? 0 : Grades[grade];
    }

    private static void Fill(Span<float> values, float weight)
    {
        values.Clear();
        values[GradeDimension] = weight;
    }

    private static GgufTensor Rows(string name, long[] shape, Action<long, Span<float>> fill) =>
        GgufTensor.FromRows(name, GgufTensorType.F16, shape, (row, values) =>
        {
            values.Clear();
            fill(row, values);
        });
}
