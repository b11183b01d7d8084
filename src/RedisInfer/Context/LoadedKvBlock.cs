using RedisInfer.Loading;

namespace RedisInfer.Context;

/// <summary>A block out of Redis, checked. Whoever gets it disposes of it once it is restored.</summary>
internal sealed class LoadedKvBlock(KvBlock block, LoadedContext context) : IDisposable
{
    public KvBlock Block => block;

    /// <summary>What <see cref="Inference.IInferenceContext.LoadState"/> takes; valid until disposal.</summary>
    public ReadOnlySpan<byte> State => KvEnvelope.StateOf(context.Value).Span;

    /// <summary>Bytes that were read.</summary>
    public int RecordBytes { get; } = context.Value.Length;

    /// <summary>How it was loaded.</summary>
    public string Strategy => context.Strategy;

    /// <summary>Why not by the way that was tried first.</summary>
    public string? Reason => context.Reason;

    public void Dispose() => context.Dispose();
}
