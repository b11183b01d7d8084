using System.Runtime.InteropServices;
using System.Text;

namespace RedisInfer.Words;

/// <summary>
/// Makes texts that a reader takes for the same equal, for search only: composed and decomposed characters, ligatures, widths, accents,
/// digits of other scripts, typographic quotes and hyphens. Drops soft hyphens and invisible characters. Case stays.
/// </summary>
/// <remarks>Not thread-safe. Keeps its buffer.</remarks>
internal sealed class TextFolder
{
    private const char VoicedMark = '\u3099';
    private const char SemiVoicedMark = '\u309A';

    // Conjoining jamo: leading consonants, vowels, and trailing consonants, of which the first means none (Unicode, section 3.12).
    private const int Syllables = 0xAC00, Leads = 0x1100, Vowels = 0x1161, Trails = 0x11A7;
    private const int LeadCount = 19, VowelCount = 21, TrailCount = 28;

    private readonly List<char> _folded = [];

    /// <summary>Folds a text.</summary>
    /// <returns>The text itself if nothing in it changes; else a buffer that is valid until the next call.</returns>
    public ReadOnlySpan<char> Fold(ReadOnlySpan<char> text)
    {
        if (Ascii.IsValid(text))
            return text;

        _folded.Clear();
        while (!text.IsEmpty)
        {
            if (text[0] < 0x80)
            {
                _folded.Add(text[0]);
                text = text[1..];
                continue;
            }

            // A half of a surrogate pair becomes the replacement character, which is no part of a word.
            Rune.DecodeFromUtf16(text, out Rune rune, out int length);
            if (UnicodeFolds.Fold(rune.Value) is { } folded)
                Append(folded);
            else
                Append(text[..length]);
            text = text[length..];
        }

        return CollectionsMarshal.AsSpan(_folded);
    }

    /// <summary>Writes the lower case of a folded text, of the same length.</summary>
    public static void ToLower(ReadOnlySpan<char> text, Span<char> lower)
    {
        for (int i = 0; i < text.Length;)
        {
            int length = 1;
            if (text[i] < 0x80)
            {
                lower[i] = char.ToLowerInvariant(text[i]);
            }
            else
            {
                Rune.DecodeFromUtf16(text[i..], out Rune rune, out length);
                ReadOnlySpan<char> small = UnicodeFolds.Lower(rune.Value);
                (small.IsEmpty ? text.Slice(i, length) : small).CopyTo(lower[i..]);
            }

            i += length;
        }
    }

    private void Append(ReadOnlySpan<char> characters)
    {
        foreach (char character in characters)
        {
            if (_folded.Count > 0 && TryCompose(_folded[^1], character) is var composed and not '\0')
                _folded[^1] = composed;
            else
                _folded.Add(character);
        }
    }

    /// <summary>Composes kana with their voiced marks, and Hangul syllables. Returns 0 if the two do not compose.</summary>
    private static char TryCompose(char last, char next)
    {
        if (next is VoicedMark or SemiVoicedMark)
            return Voiced(last, next);
        if (next is >= (char)Vowels and < (char)(Vowels + VowelCount) && last is >= (char)Leads and < (char)(Leads + LeadCount))
            return (char)(Syllables + ((((last - Leads) * VowelCount) + next - Vowels) * TrailCount));
        bool isOpen = last is >= (char)Syllables and < (char)(Syllables + (LeadCount * VowelCount * TrailCount)) && (last - Syllables) % TrailCount == 0;
        return isOpen && next is > (char)Trails and < (char)(Trails + TrailCount) ? (char)(last + next - Trails) : '\0';
    }

    private static char Voiced(char kana, char mark)
    {
        const int katakana = 'ァ' - 'ぁ';
        bool isKatakana = kana is >= 'ァ' and <= 'ヾ';
        char hiragana = isKatakana ? (char)(kana - katakana) : kana;
        bool isVoicing = mark == VoicedMark;
        int step = hiragana switch
        {
            'う' when isVoicing => 'ゔ' - 'う',
            'ゝ' when isVoicing => 1,
            >= 'は' and <= 'ほ' when (hiragana - 'は') % 3 == 0 => isVoicing ? 1 : 2,
            >= 'か' and <= 'ち' when isVoicing && (hiragana - 'か') % 2 == 0 => 1,
            'つ' or 'て' or 'と' when isVoicing => 1,
            >= 'わ' and <= 'を' when isVoicing && isKatakana => 'ヷ' - 'ワ',
            _ => 0,
        };
        return step == 0 ? '\0' : (char)(kana + step);
    }
}
