using RedisInfer.Inference;

namespace RedisInfer.Benchmarks.Hostile.Kinds;

/// <summary>A context for calls of the port, and what it computes for a known text.</summary>
internal sealed class PortTarget
{
    private readonly int[] _tokens;
    private readonly bool _embeddings;

    private PortTarget(IInferenceModel model, IInferenceContext context, bool embeddings)
    {
        Model = model;
        Context = context;
        _embeddings = embeddings;
        _tokens = model.Tokenizer.Tokenize("How long are backups kept?", parseSpecial: false);
        Expected = Look();
    }

    public IInferenceModel Model { get; }

    public IInferenceContext Context { get; }

    /// <summary>What <see cref="Look"/> returned before any hostile call.</summary>
    public float[] Expected { get; }

    public static PortTarget Create(IInferenceModel model)
    {
        bool embeddings = model.Info.Pooling != EmbeddingPooling.None;
        return new PortTarget(
            model,
            model.CreateContext(new ContextOptions { ContextSize = 256, MaxSequences = 4, BatchSize = 128, Threads = 1, Embeddings = embeddings }),
            embeddings);
    }

    /// <summary>Computes the known text.</summary>
    public float[] Look()
    {
        var batch = new TokenBatch(_tokens.Length);
        int row = 0;
        for (int i = 0; i < _tokens.Length; i++)
        {
            row = batch.Add(_tokens[i], i, sequence: 0, output: i == _tokens.Length - 1);
        }

        Context.Decode(batch, CancellationToken.None);
        float[] seen = (_embeddings ? Context.GetEmbedding(0) : Context.GetLogits(row)).ToArray();
        Clear();
        return seen;
    }

    /// <summary>Empties all sequences.</summary>
    public void Clear()
    {
        for (int sequence = 0; sequence < Context.MaxSequences; sequence++)
        {
            Context.RemoveSequence(sequence);
        }
    }
}
