namespace RedisInfer.Chunking;

/// <summary>
/// Measures texts in tokens. Counts are not additive, so a length is found by counting prefixes. Each counted prefix is at most about four
/// times as long as the result. This keeps a document of one giant line near-linear.
/// </summary>
internal sealed class TokenRuler(TokenCounter countTokens)
{
    private const int UsualCharsPerToken = 4;

    /// <summary>Number of tokens of <paramref name="text"/>.</summary>
    public int Count(ReadOnlySpan<char> text) => countTokens(text);

    /// <summary>Whether the whole text has at most <paramref name="limit"/> tokens.</summary>
    public bool Fits(ReadOnlySpan<char> text, int limit, out int tokens) =>
        Gallop(text, limit, out tokens, out _) == text.Length;

    /// <summary>
    /// Length of a prefix of at most <paramref name="limit"/> tokens: within a sixteenth of the longest possible; at least 1.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="limit">Most tokens.</param>
    /// <param name="tokens">Number of tokens of that prefix.</param>
    public int LongestPrefix(ReadOnlySpan<char> text, int limit, out int tokens)
    {
        int fits = Gallop(text, limit, out tokens, out int tooLong);
        while (tooLong - fits > Math.Max(1, fits / 16))
        {
            int middle = fits + (tooLong - fits) / 2;
            int count = countTokens(text[..middle]);
            if (count <= limit)
                (fits, tokens) = (middle, count);
            else
                tooLong = middle;
        }

        return Math.Max(1, fits);
    }

    /// <summary>Doubles the length until the prefix does not fit any more.</summary>
    private int Gallop(ReadOnlySpan<char> text, int limit, out int tokens, out int tooLong)
    {
        int fits = 0;
        tokens = 0;
        long length = (long)limit * UsualCharsPerToken;
        while (true)
        {
            int tried = (int)Math.Min(length, text.Length);
            int count = countTokens(text[..tried]);
            if (count > limit)
            {
                tooLong = tried;
                return fits;
            }

            (fits, tokens) = (tried, count);
            if (tried == text.Length)
            {
                tooLong = text.Length;
                return fits;
            }

            length *= 2;
        }
    }
}
