using RedisInfer.Errors;

namespace RedisInfer.Scheduling;

/// <summary>Finds requests whose readers have read nothing for too long. Used by the decode thread alone.</summary>
/// <param name="timeout">How long that is; <see langword="null"/>: never too long.</param>
/// <param name="time">The clock.</param>
internal sealed class ReaderTimeouts(TimeSpan? timeout, TimeProvider time)
{
    /// <summary>Notes which streams are full now.</summary>
    public void Look(IReadOnlyList<Sequence> running)
    {
        foreach (Sequence sequence in running)
        {
            sequence.UnreadSince = sequence.Stream.HasRoom ? null : sequence.UnreadSince ?? time.GetTimestamp();
        }
    }

    /// <summary>Whether a request must end.</summary>
    public bool IsOverdue(Sequence sequence) => UntilOverdue(sequence) <= TimeSpan.Zero;

    /// <summary>Time until a request is ended if its reader reads nothing; <see langword="null"/>: it is not ended.</summary>
    public TimeSpan? UntilOverdue(Sequence sequence) =>
        sequence.UnreadSince is { } since ? timeout - time.GetElapsedTime(since) : null;

    /// <summary>The error of such a request.</summary>
    public RedisInferException Error() => new(
        RedisInferErrorCode.ReaderTimeout,
        $"The answer was ended, because its caller read nothing of it for {timeout}. "
        + "Read it while it is generated, or raise Capacity.ReaderTimeout.");
}
