namespace RedisInfer.Scheduling.Drafts;

/// <summary>Where the last tokens of a sequence occur in it before.</summary>
/// <param name="Next">Index of the token that followed them there.</param>
/// <param name="Length">Number of equal tokens; 0: the last token is the only one of its kind.</param>
internal readonly record struct DraftMatch(int Next, int Length)
{
    /// <summary>Most tokens that are compared. More would not make a continuation likelier, and text that repeats itself would take long.</summary>
    public const int MaxLength = 16;

    /// <summary>Finds the longest match; of several, the last.</summary>
    /// <param name="tokens">Prompt and answer; at least 1 token.</param>
    public static DraftMatch Find(ReadOnlySpan<int> tokens)
    {
        DraftMatch best = default;
        ReadOnlySpan<int> earlier = tokens[..^1];
        for (int at = earlier.LastIndexOf(tokens[^1]); at >= 0 && best.Length < MaxLength; at = earlier[..at].LastIndexOf(tokens[^1]))
        {
            int length = 1;
            while (length < MaxLength && length <= at && tokens[at - length] == tokens[^(length + 1)])
            {
                length++;
            }

            best = length > best.Length ? new DraftMatch(at + 1, length) : best;
        }

        return best;
    }
}
