using RedisInfer.Inference;

namespace RedisInfer.Tests.Integration.Answering;

/// <summary>A context of a <see cref="FailingEngine"/>.</summary>
internal sealed class FailingContext(IInferenceContext inner, Action<TokenBatch> beforeDecode) : IInferenceContext
{
    public int ContextSize => inner.ContextSize;

    public int MaxSequenceLength => inner.MaxSequenceLength;

    public int BatchSize => inner.BatchSize;

    public int MaxSequences => inner.MaxSequences;

    public bool CanSplitSequences => inner.CanSplitSequences;

    public int PreferredRows => inner.PreferredRows;

    public DecodeResult Decode(TokenBatch batch, CancellationToken cancellationToken)
    {
        beforeDecode(batch);
        return inner.Decode(batch, cancellationToken);
    }

    public ReadOnlySpan<float> GetLogits(int row) => inner.GetLogits(row);

    public int Sample(ISampler sampler, int row) => inner.Sample(sampler, row);

    public ReadOnlySpan<float> GetEmbedding(int sequence) => inner.GetEmbedding(sequence);

    public int GetSequenceLength(int sequence) => inner.GetSequenceLength(sequence);

    public void RemoveSequence(int sequence, int start = 0, int end = -1) => inner.RemoveSequence(sequence, start, end);

    public void CopySequence(int source, int destination, int start = 0, int end = -1) =>
        inner.CopySequence(source, destination, start, end);

    public void ShiftSequence(int sequence, int start, int end, int delta) => inner.ShiftSequence(sequence, start, end, delta);

    public long GetStateSize(int sequence) => inner.GetStateSize(sequence);

    public int SaveState(int sequence, Span<byte> destination) => inner.SaveState(sequence, destination);

    public void LoadState(int sequence, ReadOnlySpan<byte> state) => inner.LoadState(sequence, state);

    public int[] SaveStates(int sequence, IReadOnlyList<KvStateRun> runs) => inner.SaveStates(sequence, runs);

    public void LoadStates(int sequence, IReadOnlyList<ReadOnlyMemory<byte>> states) => inner.LoadStates(sequence, states);

    public void Dispose() => inner.Dispose();
}
