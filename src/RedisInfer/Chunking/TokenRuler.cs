namespace RedisInfer.Chunking;

/// <summary>
/// Measures texts in tokens. Counts are not additive, so a length is found by counting prefixes. Each counted prefix is at most about four
/// times as long as the result. This keeps a document of one giant line near-linear.
/// </summary>
internal sealed class TokenRuler(TokenCounter countTokens)
{
    private const int UsualCharsPerToken = 4;

    private double _charsPerToken = UsualCharsPerToken;

    /// <summary>Begins another text. Until then, each measured prefix tells how long the next may be.</summary>
    public void Begin() => _charsPerToken = UsualCharsPerToken;

    /// <summary>Number of tokens of <paramref name="text"/>.</summary>
    public int Count(ReadOnlySpan<char> text) => countTokens(text);

    /// <summary>Whether the whole text has at most <paramref name="limit"/> tokens. If so, <paramref name="tokens"/> is their number.</summary>
    public bool Fits(ReadOnlySpan<char> text, int limit, out int tokens)
    {
        // A prefix that is too long tells it of the whole text.
        long length = (long)limit * UsualCharsPerToken;
        while (true)
        {
            tokens = countTokens(text[..(int)Math.Min(length, text.Length)]);
            if (tokens > limit || length >= text.Length)
                return tokens <= limit;
            length *= 2;
        }
    }

    /// <summary>
    /// Length of a prefix of at most <paramref name="limit"/> tokens: within a sixteenth of the longest possible; at least 1.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="limit">Most tokens.</param>
    /// <param name="tokens">Number of tokens of that prefix.</param>
    public int LongestPrefix(ReadOnlySpan<char> text, int limit, out int tokens)
    {
        int fits = 0;
        int tooLong = int.MaxValue;
        tokens = 0;
        int tried = (int)Math.Clamp(limit * _charsPerToken * 31 / 32, 1, text.Length);
        while (true)
        {
            int count = countTokens(text[..tried]);
            if (count <= limit)
                (fits, tokens) = (tried, count);
            else
                tooLong = tried;
            if (fits == text.Length || tokens > limit - limit / 16 || tooLong - fits <= Math.Max(1, fits / 16))
                break;
            tried = NextLength(fits, tooLong, text.Length, (long)tried * limit / Math.Max(1, count));
        }

        if (tokens > 0)
            _charsPerToken = (double)fits / tokens;
        return Math.Max(1, fits);
    }

    // The estimate assumes as many characters per token as in the last prefix, and it aims a little short, because a prefix that fits is a
    // result. Where it misleads, the range of lengths shrinks by an eighth all the same.
    private static int NextLength(int fits, int tooLong, int textLength, long estimate)
    {
        long least = tooLong == int.MaxValue ? fits + fits / 4L + 1 : fits + Math.Max(1, (tooLong - fits) / 8);
        long most = tooLong == int.MaxValue ? Math.Min(4L * fits, textLength) : tooLong - Math.Max(1, (tooLong - fits) / 8);
        return (int)Math.Max(Math.Min(least, most), Math.Min(estimate - estimate / 32, most));
    }
}
