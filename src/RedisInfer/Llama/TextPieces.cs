namespace RedisInfer.Llama;

/// <summary>
/// Cuts a text into pieces that llama.cpp's tokenizer can take. Some of its pre-tokenizers match by recursion, one level a
/// character of a word: a word of 100,000 letters overflows the stack and ends the process. And its lengths are 32-bit. The same text
/// gives the same pieces always, and one without such words and shorter than a piece, which is every text in practice, is not cut.
/// </summary>
internal ref struct TextPieces
{
    /// <summary>Most characters in a row that are all white space or all not; a longer run is cut.</summary>
    internal const int MaxRunChars = 2_048;

    /// <summary>Most characters in a piece.</summary>
    internal const int MaxPieceChars = 4 * 1024 * 1024;

    private ReadOnlySpan<char> _rest;

    internal TextPieces(ReadOnlySpan<char> text)
    {
        _rest = text;
        Current = default;
    }

    /// <summary>The piece.</summary>
    internal ReadOnlySpan<char> Current { get; private set; }

    /// <summary>Takes the next piece.</summary>
    internal bool MoveNext()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        int length = PieceLength(_rest);
        Current = _rest[..length];
        _rest = _rest[length..];
        return true;
    }

    private static int PieceLength(ReadOnlySpan<char> text)
    {
        if (text.Length <= MaxRunChars)
        {
            return text.Length;
        }

        int limit = Math.Min(text.Length, MaxPieceChars);
        int runStart = 0;
        bool runIsSpace = char.IsWhiteSpace(text[0]);
        for (int i = 1; i < limit; i++)
        {
            bool isSpace = char.IsWhiteSpace(text[i]);
            if (isSpace != runIsSpace)
            {
                runStart = i;
                runIsSpace = isSpace;
            }
            else if (i - runStart >= MaxRunChars)
            {
                return WholeCharacters(text, i);
            }
        }

        // Tokens mostly begin with the space before a word: the cut goes there.
        return limit == text.Length ? limit : WholeCharacters(text, runStart > 0 ? runStart : limit);
    }

    private static int WholeCharacters(ReadOnlySpan<char> text, int end) =>
        char.IsHighSurrogate(text[end - 1]) && char.IsLowSurrogate(text[end]) ? end - 1 : end;
}
