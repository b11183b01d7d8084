namespace RedisInfer.Tests.Support.Gguf;

/// <summary>
/// The weights of a small model in a larger shape, arranged so that it computes what the small one computes:
/// <list type="bullet">
/// <item>Nothing writes to added dimensions of the hidden state, so they stay 0. The mean square of a norm is then smaller by n/N.
/// Its weight is multiplied by the root of n/N, and epsilon by n/N.</item>
/// <item>Added heads, rows of the feed-forward part and layers compute on random weights. What they compute is multiplied by 0 before it
/// gets back to the hidden state.</item>
/// <item>Heads keep their size, so that positions turn them as before.</item>
/// </list>
/// Random weights are everywhere else, so that no kernel gets less work.
/// </summary>
internal sealed class WidenedWeights
{
    private const float Deviation = 0.02f;
    private const ulong Seed = 1;

    private readonly GgufReader _small;
    private readonly Qwen3Shape _shape;
    private readonly int _width;
    private readonly int _heads;
    private readonly int _kvHeads;

    /// <summary>Checks that the model fits into the shape.</summary>
    /// <param name="small">The model.</param>
    /// <param name="shape">The larger shape.</param>
    public WidenedWeights(GgufReader small, Qwen3Shape shape)
    {
        (_small, _shape) = (small, shape);
        (_width, _heads, _kvHeads) = (Get("embedding_length"), Get("attention.head_count"), Get("attention.head_count_kv"));
        if (Get("attention.key_length") != shape.HeadLength || shape.EmbeddingLength < _width || shape.BlockCount < Get("block_count")
            || shape.FeedForwardLength < Get("feed_forward_length") || shape.KvHeadCount < _kvHeads || Group < SmallGroup || !shape.Tied)
        {
            throw new ArgumentException("The model does not fit into the shape: a dimension is smaller, or heads have another size.", nameof(shape));
        }

        Epsilon = (float)small.Metadata["qwen3.attention.layer_norm_rms_epsilon"] * _width / shape.EmbeddingLength;

        int Get(string key) => (int)(uint)small.Metadata[$"qwen3.{key}"];
    }

    /// <summary>The norms' epsilon.</summary>
    public float Epsilon { get; }

    private int Group => _shape.HeadCount / _shape.KvHeadCount;

    private int SmallGroup => _heads / _kvHeads;

    /// <summary>Makes a tensor: Q8_0, or F32 if it is a vector.</summary>
    public GgufTensor Make(string name, long[] shape)
    {
        float[]? old = _small.TensorNames.Contains(name) ? _small.Read(name) : null;
        int oldWidth = old is null ? 0 : (int)_small.ShapeOf(name)[0];
        string part = name.Split('.')[^2];
        return shape.Length == 1
            ? GgufTensor.FromRows(name, GgufTensorType.F32, shape, (_, row) => FillNorm(part, old, row))
            : GgufTensor.FromRows(name, GgufTensorType.Q8_0, shape, (index, row) => FillRow(name, part, old, oldWidth, (int)index, row));
    }

    private void FillNorm(string part, float[]? old, Span<float> row)
    {
        row.Fill(1);
        old?.CopyTo(row);
        if (part is "attn_norm" or "ffn_norm" or "output_norm")
        {
            foreach (ref float value in row[.._width])
            {
                value *= MathF.Sqrt((float)_width / _shape.EmbeddingLength);
            }
        }
    }

    private void FillRow(string name, string part, float[]? old, int oldWidth, int index, Span<float> row)
    {
        // Rows of these matrices are what gets into the hidden state, or what it begins as.
        bool isHidden = part is "token_embd" or "attn_output" or "ffn_down";
        if (isHidden)
        {
            row.Clear();
        }
        else
        {
            new ModelRandom(Seed, name, index).Fill(row, Deviation);
        }

        int oldIndex = part == "attn_q" ? FindSmallRow(index) : index;
        if (old is null || oldIndex < 0 || oldIndex >= old.Length / oldWidth)
        {
            return;
        }

        ReadOnlySpan<float> oldRow = old.AsSpan(oldIndex * oldWidth, oldWidth);
        if (part == "attn_output")
        {
            CopyHeads(oldRow, row);
        }
        else
        {
            oldRow.CopyTo(row);
        }
    }

    /// <summary>A small model's head stays with its keys: the first heads of each group are the small model's group.</summary>
    private int FindSmallHead(int head)
    {
        (int group, int member) = (head / Group, head % Group);
        return group < _kvHeads && member < SmallGroup ? (group * SmallGroup) + member : -1;
    }

    private int FindSmallRow(int row) =>
        FindSmallHead(row / _shape.HeadLength) is >= 0 and int head ? (head * _shape.HeadLength) + (row % _shape.HeadLength) : -1;

    private void CopyHeads(ReadOnlySpan<float> oldRow, Span<float> row)
    {
        int length = _shape.HeadLength;
        for (int head = 0; head < _shape.HeadCount; head++)
        {
            if (FindSmallHead(head) is >= 0 and int old)
            {
                oldRow.Slice(old * length, length).CopyTo(row[(head * length)..]);
            }
        }
    }
}
