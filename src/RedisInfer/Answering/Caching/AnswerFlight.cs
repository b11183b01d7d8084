using RedisInfer.KvBlocks;

namespace RedisInfer.Answering.Caching;

/// <summary>An answer that is being computed, for all who ask for it meanwhile.</summary>
/// <param name="key">The key of the answer.</param>
internal sealed class AnswerFlight(KvBlockKey key)
{
    private readonly TaskCompletionSource<StoredAnswer?> _landed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public KvBlockKey Key { get; } = key;

    /// <summary>The answer; <see langword="null"/>: it was given up, and another must compute it.</summary>
    public Task<StoredAnswer?> Landed => _landed.Task;

    /// <summary>Ends it, once.</summary>
    /// <returns>Whether it had not ended before.</returns>
    public bool Land(StoredAnswer? answer) => _landed.TrySetResult(answer);
}
