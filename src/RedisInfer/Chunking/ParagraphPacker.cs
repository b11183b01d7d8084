namespace RedisInfer.Chunking;

/// <summary>Decides how many paragraphs of a section go into a chunk, and where the next chunk begins.</summary>
/// <param name="text">The normalized text.</param>
/// <param name="paragraphs">The paragraphs of the section.</param>
/// <param name="countTokens">Counts tokens.</param>
/// <param name="maxTokens">Most tokens of a chunk's text.</param>
/// <param name="overlapTokens">Most tokens of a paragraph that two chunks share; 0: they share none.</param>
internal sealed class ParagraphPacker(
    string text, IReadOnlyList<Paragraph> paragraphs, TokenCounter countTokens, int maxTokens, int overlapTokens)
{
    /// <summary>Adds the chunks of the section to a list.</summary>
    public void Pack(List<Chunk> chunks, string trail)
    {
        for (int first = 0; first < paragraphs.Count;)
        {
            string context = paragraphs[first].Context;
            if (context.Length > 0 && CountTokens(context, first, first) > maxTokens)
                context = "";
            int last = LastThatFits(context, first);
            chunks.Add(ToChunk(chunks.Count, context, first, last) with { Trail = trail, Page = paragraphs[first].Page });
            first = last + 1 < paragraphs.Count && last > first && IsShared(last) ? last : last + 1;
        }
    }

    /// <summary>
    /// Whether the next chunk begins with this paragraph again: a short one, followed by another that has no lines before it that name its columns or its subject. The
    /// sentence that names a subject is often in the paragraph before. What was split at one place is not repeated at another.
    /// </summary>
    private bool IsShared(int last)
    {
        Paragraph next = paragraphs[last + 1];
        return overlapTokens > 0 && paragraphs[last].TokenCount <= overlapTokens && !paragraphs[last].IsPart && !next.IsPart && next.Context.Length == 0
            && CountTokens("", last, last + 1) <= maxTokens;
    }

    /// <summary>
    /// Index of the last paragraph that fits into a chunk that begins with paragraph <paramref name="first"/>. The cached counts of the
    /// paragraphs give a guess, and a count of the joined text corrects it. Most chunks are therefore counted only twice.
    /// </summary>
    private int LastThatFits(string context, int first)
    {
        int last = first;
        int tokens = context.Length > 0 ? CountTokens(context, first, first) : paragraphs[first].TokenCount;
        while (true)
        {
            int guess = Guess(last, tokens);
            int joined = guess == last ? tokens : CountTokens(context, first, guess);
            while (guess > last && joined > maxTokens)
            {
                // Go back in proportion, not one by one: a joined text may have far more tokens than its parts together.
                int back = last + (int)((long)(guess - last) * (maxTokens - tokens) / (joined - tokens));
                guess = guess == last + 1 ? last : Math.Max(back, last + 1);
                joined = guess == last ? tokens : CountTokens(context, first, guess);
            }

            if (guess == last)
                return last;
            (last, tokens) = (guess, joined);
        }
    }

    private Chunk ToChunk(int index, string context, int first, int last)
    {
        string own = text[paragraphs[first].Start..paragraphs[last].End];
        string whole = context.Length > 0 ? $"{context}\n{own}" : own;
        return new Chunk(index, whole, paragraphs[first].StartLine, paragraphs[last].EndLine);
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

    private int CountTokens(string context, int first, int last)
    {
        int start = paragraphs[first].Start;
        ReadOnlySpan<char> own = text.AsSpan(start, paragraphs[last].End - start);
        return countTokens(context.Length > 0 ? $"{context}\n{own}" : own);
    }
}
