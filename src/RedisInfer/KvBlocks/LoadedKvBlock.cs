namespace RedisInfer.KvBlocks;

/// <summary>A block that was loaded from a store and checked. The caller disposes of it once it is restored.</summary>
/// <param name="block">The block.</param>
/// <param name="record">The whole record, including the seal.</param>
/// <param name="strategy">How it was loaded: a short name such as <c>pinned</c>.</param>
/// <param name="reason">Why the strategy that was tried first was not used; <see langword="null"/> if it was.</param>
/// <param name="owner">Owns the record's memory.</param>
internal sealed class LoadedKvBlock(KvBlock block, ReadOnlyMemory<byte> record, string strategy, string? reason, IDisposable owner) : IDisposable
{
    private ReadOnlyMemory<byte> _record = record;

    public KvBlock Block => block;

    /// <summary>The state for <see cref="Inference.IInferenceContext.LoadStates"/>; valid until disposal.</summary>
    public ReadOnlyMemory<byte> State => KvEnvelope.StateOf(_record);

    /// <summary>Bytes of the record.</summary>
    public int RecordBytes { get; } = record.Length;

    /// <summary>How it was loaded.</summary>
    public string Strategy => strategy;

    /// <summary>Why the strategy that was tried first was not used; <see langword="null"/> if it was.</summary>
    public string? Reason => reason;

    public void Dispose()
    {
        _record = default;
        owner.Dispose();
    }
}
