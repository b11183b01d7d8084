using RedisInfer.Errors;
using RedisInfer.Inference;

namespace RedisInfer.Benchmarks.Soak;

/// <summary>The context of a <see cref="FaultyEngine"/>. Now and then it computes a step and then reports that the step failed.</summary>
internal sealed class FaultyContext(IInferenceContext context, double failureRate) : IInferenceContext
{
    public int ContextSize => context.ContextSize;

    public int MaxSequenceLength => context.MaxSequenceLength;

    public int BatchSize => context.BatchSize;

    public int MaxSequences => context.MaxSequences;

    public int PreferredRows => context.PreferredRows;

    public bool CanSplitSequences => context.CanSplitSequences;

    public DecodeResult Decode(TokenBatch batch, CancellationToken cancellationToken)
    {
        DecodeResult result = context.Decode(batch, cancellationToken);
        return Random.Shared.NextDouble() < failureRate
            ? throw new RedisInferException(RedisInferErrorCode.DecodeFailed, "The soak benchmark made this step fail.")
            : result;
    }

    public ReadOnlySpan<float> GetLogits(int row) => context.GetLogits(row);

    public int Sample(ISampler sampler, int row) => context.Sample(sampler, row);

    public ReadOnlySpan<float> GetEmbedding(int sequence) => context.GetEmbedding(sequence);

    public int GetSequenceLength(int sequence) => context.GetSequenceLength(sequence);

    public void RemoveSequence(int sequence, int start = 0, int end = -1) => context.RemoveSequence(sequence, start, end);

    public void CopySequence(int source, int destination, int start = 0, int end = -1) =>
        context.CopySequence(source, destination, start, end);

    public void ShiftSequence(int sequence, int start, int end, int delta) => context.ShiftSequence(sequence, start, end, delta);

    public long GetStateSize(int sequence) => context.GetStateSize(sequence);

    public int SaveState(int sequence, Span<byte> destination) => context.SaveState(sequence, destination);

    public void LoadState(int sequence, ReadOnlySpan<byte> state) => context.LoadState(sequence, state);

    public int[] SaveStates(int sequence, IReadOnlyList<KvStateRun> runs) => context.SaveStates(sequence, runs);

    public void LoadStates(int sequence, IReadOnlyList<ReadOnlyMemory<byte>> states) => context.LoadStates(sequence, states);

    public void Dispose() => context.Dispose();
}
