using System.Buffers;
using System.Text;

namespace RedisInfer.Llama;

/// <summary>
/// Cuts a text into pieces that llama.cpp's tokenizer can take. Some of its pre-tokenizers match by recursion, one level per character of
/// a word. A word of 100,000 letters overflows the stack and ends the process. Lengths in llama.cpp are also 32-bit. The same text always
/// gives the same pieces. A text that has no such words and is shorter than a piece is not cut. In practice that is every text.
/// </summary>
internal ref struct TextPieces
{
    /// <summary>Maximum length of a run of characters that are all white space or all not. A longer run is cut.</summary>
    internal const int MaxRunChars = 2_048;

    /// <summary>Maximum number of characters in a piece.</summary>
    internal const int MaxPieceChars = 4 * 1024 * 1024;

    private readonly SearchValues<string>? _marks;
    private ReadOnlySpan<char> _rest;

    /// <param name="text">The text.</param>
    /// <param name="marks">Texts that no piece may contain: each is split after its first character. <see langword="null"/>: none.</param>
    internal TextPieces(ReadOnlySpan<char> text, SearchValues<string>? marks = null)
    {
        _marks = marks;
        _rest = text;
        Current = default;
    }

    /// <summary>The current piece.</summary>
    internal ReadOnlySpan<char> Current { get; private set; }

    /// <summary>Advances to the next piece.</summary>
    internal bool MoveNext()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        int length = BeforeMark(PieceLength(_rest));
        Current = _rest[..length];
        _rest = _rest[length..];
        return true;
    }

    private readonly int BeforeMark(int length)
    {
        int mark = _marks is null ? -1 : _rest[..length].IndexOfAny(_marks);
        if (mark < 0)
            return length;
        Rune.DecodeFromUtf16(_rest[mark..], out _, out int first);
        return mark + first;
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

        // Tokens mostly begin with the space before a word, so the cut goes there.
        return limit == text.Length ? limit : WholeCharacters(text, runStart > 0 ? runStart : limit);
    }

    private static int WholeCharacters(ReadOnlySpan<char> text, int end) =>
        char.IsHighSurrogate(text[end - 1]) && char.IsLowSurrogate(text[end]) ? end - 1 : end;
}
