namespace RedisInfer.Grammars;

/// <summary>A rule, several times in a row. The matcher counts, so large bounds cost nothing.</summary>
/// <param name="body">What is repeated; it never matches the empty text.</param>
/// <param name="min">Least number of times.</param>
/// <param name="max">Most times, at least <paramref name="min"/>; <see cref="NoLimit"/>: any number.</param>
internal sealed class Repeat(Rule body, int min, int max) : Symbol
{
    /// <summary>Any number of times.</summary>
    public const int NoLimit = int.MaxValue;

    /// <summary>What is repeated.</summary>
    public Rule Body => body;

    /// <summary>Least number of times.</summary>
    public int Min => min;

    /// <summary>Most times.</summary>
    public int Max => max;

    /// <summary>The count after one more time. Without a limit, counts above the least number are all alike.</summary>
    /// <param name="count">Times so far.</param>
    public int Next(int count) => max == NoLimit ? Math.Min(count + 1, min) : count + 1;
}
