using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace RedisInfer.Words;

/// <summary>
/// Extracts the words by which chunks are ranked:
/// <list type="bullet">
/// <item>Words, in lower case and stemmed, without function words.</item>
/// <item>Compounds (<c>LW-204</c>, <c>kv_cache</c>, <c>findSlot</c>, <c>v0.4.0</c>): the whole, its parts, and the pairs of its
/// parts.</item>
/// <item>Pairs of adjacent words. A pair equals the compound of both words, so "kv cache" finds <c>kv_cache</c> and <c>KvCache</c>.</item>
/// <item>Scripts with few or no spaces between words (Han, kana, Hangul, Thai, Lao, Khmer, Myanmar and others): characters or syllables,
/// and the pairs of them. So a word within a run is found.</item>
/// </list>
/// Text is folded first (<see cref="TextFolder"/>). Symbols and emoji are never part of a word.
/// </summary>
/// <remarks>Not thread-safe. Reuse one reader for many texts: it keeps its buffers.</remarks>
internal sealed partial class WordReader
{
    /// <summary>Name of this way of extracting words. Words that were extracted in another way are not found.</summary>
    public const string Identity = "words/2";

    private const float WordWeight = 1;
    private const float PartWeight = 0.8f;
    private const float UnitPairWeight = 0.8f;
    private const float UnitWeight = 0.5f;
    private const float PairWeight = 0.4f;

    // A lower weight means a pair of words or a single unit of an unspaced script.
    private const float LeastWordWeight = PartWeight;

    // Of a longer word (a key, encoded data), only the first characters count. A longer compound is read as several.
    private const int MaxWordLength = 64;
    private const int MaxParts = 16;

    // Every word of a question is looked up among all chunks. This many, pairs included, are some thousand words of text.
    private const int MaxQuestionWords = 2048;
    private const long HashSeed = 1;

    private readonly List<Occurrence> _occurrences = [];
    private readonly TextFolder _folder = new();
    private readonly char[] _word = new char[MaxWordLength];
    private readonly char[] _stems = new char[(MaxParts + 1) * MaxWordLength];
    private int _stemsLength;
    private int _lastStem;
    private bool _lastCounts;
    private int _parts;
    private bool _anyCounts;

    /// <summary>Extracts the words of a chunk.</summary>
    /// <returns>Each word once.</returns>
    public WordCount[] Read(string text)
    {
        var words = new List<WordCount>();
        foreach (Occurrence occurrence in ReadAll(_folder.Fold(text)))
        {
            uint hash = Fold(occurrence.Hash);
            if (words.Count > 0 && words[^1].Hash == hash)
                words[^1] = new WordCount(hash, (byte)Math.Min(words[^1].Count + 1, byte.MaxValue));
            else
                words.Add(new WordCount(hash, 1));
        }

        return [.. words];
    }

    /// <summary>Extracts the words of a question; of a very long question, those at its start.</summary>
    /// <returns>Each word once.</returns>
    public List<WordQuery> ReadQuestion(string question)
    {
        var words = new List<WordQuery>();
        string folded = _folder.Fold(question).ToString();
        ReadOnlySpan<Occurrence> occurrences = ReadAll(folded, MaxQuestionWords, out int length);
        foreach ((ulong wide, float weight) in occurrences)
        {
            uint hash = Fold(wide);
            bool isPair = weight < LeastWordWeight;
            if (words.Count > 0 && words[^1].Hash == hash)
                words[^1] = new WordQuery(hash, Math.Max(words[^1].Weight, weight), words[^1].IsPair && isPair);
            else
                words.Add(new WordQuery(hash, weight, isPair));
        }

        HashSet<uint> names = [];
        foreach (Match name in Name().Matches(folded[..length]))
        {
            foreach (Occurrence occurrence in ReadAll(name.ValueSpan))
            {
                names.Add(Fold(occurrence.Hash));
            }
        }

        return [.. words.Select(word => word with { IsName = names.Contains(word.Hash) })];
    }

    /// <summary>A word with a capital that does not begin a sentence, or with a capital or a digit after its first character.</summary>
    [GeneratedRegex(@"(?<=[\p{L}\p{N},;:)] )\p{Lu}[\p{L}\p{N}]*|\b[\p{L}\p{N}]+(?<=[\p{L}\p{N}])[\p{Lu}\p{N}][\p{L}\p{N}]*")]
    private static partial Regex Name();

    /// <summary>Keeps the upper half. Occurrences are sorted by the whole hash, so equal halves are adjacent, too.</summary>
    private static uint Fold(ulong hash) => (uint)(hash >> 32);

    private ReadOnlySpan<Occurrence> ReadAll(ReadOnlySpan<char> text) => ReadAll(text, int.MaxValue, out _);

    /// <summary>Reads the occurrences of words.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">Most occurrences to read.</param>
    /// <param name="length">Length of the text that was read.</param>
    /// <returns>The occurrences, sorted by hash; valid until the next call.</returns>
    private ReadOnlySpan<Occurrence> ReadAll(ReadOnlySpan<char> text, int most, out int length)
    {
        _occurrences.Clear();
        ForgetPrevious();
        for (length = 0; length < text.Length && _occurrences.Count < most;)
        {
            if (Script.IsUnspaced(text, length))
                length += AddUnit(text[length..]);
            else if (Script.IsWordPart(text, length))
                length += AddCompound(text[length..]);
            else if (!JoinsWords(text[length++]))
                ForgetPrevious();
        }

        if (_occurrences.Count > most)
            _occurrences.RemoveRange(most, _occurrences.Count - most);
        _occurrences.Sort();
        return CollectionsMarshal.AsSpan(_occurrences);
    }

    /// <summary>Prevents a pair of the next word with the previous one.</summary>
    private void ForgetPrevious() => (_stemsLength, _lastStem, _lastCounts) = (0, 0, false);

    /// <summary>Adds the first unit of a text of an unspaced script, and its pair with the next one; returns its length.</summary>
    private int AddUnit(ReadOnlySpan<char> text)
    {
        ForgetPrevious();
        int length = Script.UnitLength(text);
        Add(text[..length], UnitWeight);
        if (length < text.Length && Script.IsUnspaced(text, length))
            Add(text[..(length + Script.UnitLength(text[length..]))], UnitPairWeight);
        return length;
    }

    /// <summary>Reads a compound or a single word, and returns its length.</summary>
    private int AddCompound(ReadOnlySpan<char> text)
    {
        // Keep the last stem of the previous word: it makes a pair with the first stem of this one.
        int kept = _stemsLength - _lastStem;
        _stems.AsSpan(_lastStem, kept).CopyTo(_stems);
        (_stemsLength, _lastStem, _parts, _anyCounts) = (kept, 0, 0, false);

        int end = 0;
        bool isCompound = HasSeveralParts(text);
        while (true)
        {
            int length = PartLength(text[end..]);
            AddPart(text.Slice(end, length), isCompound);
            end += length;
            if (_parts == MaxParts || end == text.Length)
                break;
            if (Connects(text, end))
                end++;
            else if (!IsSpaced(text, end))
                break;
        }

        if (_parts > 2)
            Add(_stems.AsSpan(kept, _stemsLength - kept), _anyCounts ? WordWeight : 0);
        return end;
    }

    private static bool HasSeveralParts(ReadOnlySpan<char> text)
    {
        int length = PartLength(text);
        return length < text.Length && (Connects(text, length) || IsSpaced(text, length));
    }

    private void AddPart(ReadOnlySpan<char> part, bool inCompound)
    {
        Span<char> word = _word.AsSpan(0, Math.Min(part.Length, MaxWordLength));
        TextFolder.ToLower(part[..word.Length], word);
        ReadOnlySpan<char> stem = word[..EnglishStem.Length(word)];
        bool counts = !FunctionWords.Contains(word);
        if (counts)
            Add(stem, inCompound ? PartWeight : WordWeight);

        stem.CopyTo(_stems.AsSpan(_stemsLength));
        int start = _stemsLength;
        _stemsLength += stem.Length;
        if (_lastCounts && counts)
        {
            bool isWithin = _parts > 0;
            Add(_stems.AsSpan(_lastStem, _stemsLength - _lastStem), isWithin ? WordWeight : PairWeight);
        }

        (_lastStem, _lastCounts) = (start, counts);
        _anyCounts |= counts;
        _parts++;
    }

    private void Add(ReadOnlySpan<char> word, float weight) =>
        _occurrences.Add(new Occurrence(XxHash3.HashToUInt64(MemoryMarshal.AsBytes(word), HashSeed), weight));

    /// <summary>Length of the first part: letters up to a change of case as in "findSlot" and "GPUDevice", or digits.</summary>
    private static int PartLength(ReadOnlySpan<char> text)
    {
        bool digits = char.IsDigit(text[0]);
        int i = 1;
        while (i < text.Length && IsSpaced(text, i) && char.IsDigit(text[i]) == digits)
        {
            bool begins = char.IsUpper(text[i]) && char.IsLower(text[i - 1]);
            bool acronymEnds = i + 1 < text.Length && char.IsUpper(text[i - 1]) && char.IsUpper(text[i]) && char.IsLower(text[i + 1]);
            if (begins || acronymEnds)
                break;
            i++;
        }

        return i;
    }

    /// <summary>Whether the character at <paramref name="index"/> connects two parts of a compound.</summary>
    private static bool Connects(ReadOnlySpan<char> text, int index)
    {
        if (index + 1 >= text.Length || !IsSpaced(text, index + 1))
            return false;
        return text[index] switch
        {
            '_' or '-' => true,
            ':' or ',' => char.IsDigit(text[index - 1]) && char.IsDigit(text[index + 1]),
            '.' => char.IsDigit(text[index - 1]) || char.IsDigit(text[index + 1]) || char.IsLower(text[index + 1]),
            _ => false,
        };
    }

    private static bool JoinsWords(char c) => char.IsWhiteSpace(c) || c is '`' or '*' or '"' or '-' or '/' or ':' or '\'' or '·' or '་' or '፡';

    /// <summary>Whether the character at an index is part of a word of a script with spaces between words.</summary>
    private static bool IsSpaced(ReadOnlySpan<char> text, int index) => Script.IsWordPart(text, index) && !Script.IsUnspaced(text, index);

    /// <summary>A word, compound, pair or unit at one place in the text.</summary>
    private readonly record struct Occurrence(ulong Hash, float Weight) : IComparable<Occurrence>
    {
        public int CompareTo(Occurrence other) => Hash.CompareTo(other.Hash);
    }
}
