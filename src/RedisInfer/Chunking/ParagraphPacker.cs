namespace RedisInfer.Chunking;

/// <summary>Third pass: decides how many paragraphs go into a chunk.</summary>
internal sealed class ParagraphPacker(string text, IReadOnlyList<Paragraph> paragraphs, TokenCounter countTokens, int maxTokens)
{
    /// <summary>Number of paragraphs.</summary>
    public int Count => paragraphs.Count;

    /// <summary>
    /// Index of the last paragraph that fits into a chunk that begins with paragraph <paramref name="first"/>. The cached counts of the
    /// paragraphs give a guess, and a count of the joined text corrects it. Most chunks are therefore counted only twice.
    /// </summary>
    public int LastThatFits(int first)
    {
        int last = first;
        int tokens = paragraphs[first].TokenCount;
        while (true)
        {
            int guess = Guess(last, tokens);
            int joined = guess == last ? tokens : CountTokens(first, guess);
            while (guess > last && joined > maxTokens)
            {
                // Go back in proportion, not one by one: a joined text may have far more tokens than its parts together.
                int back = last + (int)((long)(guess - last) * (maxTokens - tokens) / (joined - tokens));
                guess = guess == last + 1 ? last : Math.Max(back, last + 1);
                joined = guess == last ? tokens : CountTokens(first, guess);
            }

            if (guess == last)
                return last;
            (last, tokens) = (guess, joined);
        }
    }

    /// <summary>Whether these adjacent paragraphs fit into one chunk.</summary>
    public bool Fits(int first, int last) => CountTokens(first, last) <= maxTokens;

    /// <summary>Creates the chunk of these paragraphs.</summary>
    public Chunk ToChunk(int index, int first, int last)
    {
        int start = paragraphs[first].Start;
        string chunk = text[start..paragraphs[last].End];
        return new Chunk(index, chunk, paragraphs[first].StartLine, paragraphs[last].EndLine);
    }

    /// <summary>
    /// Last paragraph after <paramref name="last"/> that fits by its own count, in addition to <paramref name="tokens"/>.
    /// </summary>
    private int Guess(int last, int tokens)
    {
        // Count at least one token each: a counter that rounds down to 0 would make the guess the whole document.
        for (long sum = tokens; last + 1 < paragraphs.Count; last++)
        {
            sum += Math.Max(1, paragraphs[last + 1].TokenCount);
            if (sum > maxTokens)
                break;
        }

        return last;
    }

    private int CountTokens(int first, int last)
    {
        int start = paragraphs[first].Start;
        return countTokens(text.AsSpan(start, paragraphs[last].End - start));
    }
}
