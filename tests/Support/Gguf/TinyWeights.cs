namespace RedisInfer.Tests.Support.Gguf;

/// <summary>Random weights of small models. Matrices keep the variance of what they multiply, scales are 1, and biases are small.</summary>
internal sealed class TinyWeights(GgufTensorType type, ulong seed)
{
    /// <summary>The hidden dimension that is the same for every token of a text model. See <see cref="SteadyOutput"/>.</summary>
    private const int SteadyDimension = 0;

    /// <summary>Rows for which this returns <see langword="false"/> are zero.</summary>
    public Func<string, long, bool> KeepsRow { get; init; } = (_, _) => true;

    /// <summary>A token of the output layer, and the weight with which the steady dimension favors it.</summary>
    public (long Token, float Weight) SteadyOutput { get; init; } = (-1, 0);

    public GgufTensor Make(string name, long[] shape)
    {
        if (shape.Length == 1)
            return GgufTensor.FromRows(name, GgufTensorType.F32, shape, (_, row) => FillVector(name, row));
        return GgufTensor.FromRows(name, type, shape, (index, row) => FillRow(name, index, row));
    }

    private void FillVector(string name, Span<float> row)
    {
        if (name.EndsWith(".bias", StringComparison.Ordinal))
            new ModelRandom(seed, name, 0).Fill(row, 0.02f);
        else
            row.Fill(1);
    }

    private void FillRow(string name, long index, Span<float> row)
    {
        row.Clear();
        bool isEmbedding = name.Contains("embd", StringComparison.Ordinal) || name == "token_types.weight";
        if (KeepsRow(name, index))
            new ModelRandom(seed, name, index).Fill(row, isEmbedding ? 1 : 1 / MathF.Sqrt(row.Length));

        // Nothing writes to the steady dimension after the embedding, so it keeps its sign through all blocks.
        bool writesToHidden = name.Contains("attn_output", StringComparison.Ordinal) || name.Contains("ffn_down", StringComparison.Ordinal);
        if (SteadyOutput.Token < 0)
            return;
        if (isEmbedding)
            row[SteadyDimension] = 1;
        else if (writesToHidden && index == SteadyDimension)
            row.Clear();
        else if (name == "output.weight")
            row[SteadyDimension] = index == SteadyOutput.Token ? SteadyOutput.Weight : 0;
    }
}
