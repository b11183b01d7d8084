namespace RedisInfer.Benchmarks.Chaos;

/// <summary>
/// A line that a child writes to its standard output. Times are timestamps of <see cref="System.Diagnostics.Stopwatch"/>, which all
/// processes of a machine share.
/// </summary>
/// <param name="IsEnd">False for the line that says that the work has begun.</param>
/// <param name="Started">When the work began.</param>
/// <param name="Ended">When it ended.</param>
/// <param name="Error">Why it failed; <see langword="null"/> if it did not.</param>
/// <param name="Passages">The passages of the answer.</param>
/// <param name="Changed">Number of documents that were added, updated or removed.</param>
internal sealed record ChildReply(
    bool IsEnd, long Started, long Ended, string? Error, IReadOnlyList<ChildPassage> Passages, int Changed);
