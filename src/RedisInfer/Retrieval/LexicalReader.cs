using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace RedisInfer.Retrieval;

/// <summary>
/// Reads the features of a text. Words are stemmed and weighted. A compound (<c>LW-204</c>, <c>kv_cache</c>, <c>findSlot</c>,
/// <c>v0.4.0</c>) gives itself, its parts and the pairs of its parts. Neighbouring words give a pair, which is the same feature
/// as the compound of the two, so that "kv cache" finds <c>kv_cache</c> and <c>KvCache</c>. Character n-grams bring inflected and
/// misspelt words near. Chinese, Japanese and Korean text gives its characters and the pairs of them.
/// </summary>
/// <remarks>For one thread; reused from text to text to spare its buffers.</remarks>
/// <param name="forRanking">
/// Whether the features are for a ranking that knows how rare each is in the corpus. Then words weigh the same, those that say
/// nothing are left out, and so are n-grams.
/// </param>
internal sealed class LexicalReader(bool forRanking = false)
{
    /// <summary>What weighs less, when words weigh the same, is a pair of words.</summary>
    public const float LeastWordFactor = PartFactor;
    private const float CompoundFactor = 1.0f;
    private const float PartFactor = 0.8f;
    private const float PairFactor = 0.4f;
    private const float GramFactor = 0.5f;
    private const int GramLength = 4;

    // Of a longer word (a key, encoded data) the head stands for it; a longer compound is read as several.
    private const int MaxWordLength = 64;
    private const int MaxParts = 16;
    private const long WordSeed = 1;
    private const long GramSeed = 2;

    private readonly List<LexicalFeature> _features = [];
    private readonly char[] _word = new char[MaxWordLength + 1];
    private readonly char[] _stems = new char[(MaxParts + 1) * MaxWordLength];
    private int _stemsLength;
    private int _lastStem;
    private float _lastWeight;
    private int _parts;
    private float _heaviest;

    /// <summary>Reads a text.</summary>
    /// <returns>Its features, sorted, one entry for each occurrence; valid until the next call.</returns>
    public ReadOnlySpan<LexicalFeature> Read(ReadOnlySpan<char> text)
    {
        _features.Clear();
        Forget();
        for (int i = 0; i < text.Length;)
        {
            if (IsIdeographic(text[i]))
                i += AddIdeograph(text[i..]);
            else if (IsWordPart(text[i]))
                i += AddCompound(text[i..]);
            else if (!Joins(text[i++]))
                Forget();
        }

        _features.Sort();
        return CollectionsMarshal.AsSpan(_features);
    }

    /// <summary>No pair across what stands here.</summary>
    private void Forget() => (_stemsLength, _lastStem, _lastWeight) = (0, 0, 0);

    private int AddIdeograph(ReadOnlySpan<char> text)
    {
        Forget();
        AddWord(text[..1], WordWeights.FrequentWord);
        if (text.Length > 1 && IsIdeographic(text[1]))
            AddWord(text[..2], WordWeights.IdeographPair);
        return 1;
    }

    /// <summary>Reads a compound, or a word that is none, and returns its length.</summary>
    private int AddCompound(ReadOnlySpan<char> text)
    {
        // Keep but the last stem of what was before: it makes a pair with the first of these.
        int kept = _stemsLength - _lastStem;
        _stems.AsSpan(_lastStem, kept).CopyTo(_stems);
        (_stemsLength, _lastStem, _parts, _heaviest) = (kept, 0, 0, 0);

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
            else if (!IsWordPart(text[end]) || IsIdeographic(text[end]))
                break;
        }

        if (_parts > 2)
            AddWord(_stems.AsSpan(kept, _stemsLength - kept), CompoundFactor * _heaviest);
        return end;
    }

    private static bool HasSeveralParts(ReadOnlySpan<char> text)
    {
        int length = PartLength(text);
        return length < text.Length && (Connects(text, length) || (IsWordPart(text[length]) && !IsIdeographic(text[length])));
    }

    private void AddPart(ReadOnlySpan<char> part, bool inCompound)
    {
        Span<char> word = _word.AsSpan(1, Math.Min(part.Length, MaxWordLength));
        part[..word.Length].ToLowerInvariant(word);
        ReadOnlySpan<char> stem = word[..EnglishStem.Length(word)];
        float weight = Weigh(word, stem);
        if (weight > 0)
            AddWord(stem, inCompound ? weight * PartFactor : weight);
        if (weight > WordWeights.FrequentWord && !forRanking)
            AddGrams(word.Length, weight);

        stem.CopyTo(_stems.AsSpan(_stemsLength));
        int start = _stemsLength;
        _stemsLength += stem.Length;
        if (_lastWeight > WordWeights.FunctionWord && weight > WordWeights.FunctionWord)
        {
            bool within = _parts > 0;
            float factor = within ? CompoundFactor : PairFactor;
            AddWord(_stems.AsSpan(_lastStem, _stemsLength - _lastStem), factor * Math.Max(weight, _lastWeight));
        }

        (_lastStem, _lastWeight) = (start, weight);
        _heaviest = Math.Max(_heaviest, weight);
        _parts++;
    }

    private float Weigh(ReadOnlySpan<char> word, ReadOnlySpan<char> stem) =>
        !forRanking ? WordWeights.Of(word, stem) : CommonWords.IsFunctionWord(word) ? 0 : 1;

    private void AddGrams(int length, float weight)
    {
        // With a mark at the front, since words differ more at the end than at the beginning.
        _word[0] = '^';
        int count = length + 2 - GramLength;
        if (count < 2)
            return;
        float each = GramFactor * weight / MathF.Sqrt(count);
        for (int i = 0; i < count; i++)
            _features.Add(new LexicalFeature(Hash(_word.AsSpan(i, GramLength), GramSeed), each));
    }

    private void AddWord(ReadOnlySpan<char> word, float weight) => _features.Add(new LexicalFeature(Hash(word, WordSeed), weight));

    private static ulong Hash(ReadOnlySpan<char> text, long seed) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(text), seed);

    /// <summary>Length of the first part: letters up to a change of case as in "findSlot" and "GPUDevice", or digits.</summary>
    private static int PartLength(ReadOnlySpan<char> text)
    {
        bool digits = char.IsDigit(text[0]);
        int i = 1;
        while (i < text.Length && IsWordPart(text[i]) && !IsIdeographic(text[i]) && char.IsDigit(text[i]) == digits)
        {
            bool begins = char.IsUpper(text[i]) && char.IsLower(text[i - 1]);
            bool acronymEnds = i + 1 < text.Length && char.IsUpper(text[i - 1]) && char.IsUpper(text[i]) && char.IsLower(text[i + 1]);
            if (begins || acronymEnds)
                break;
            i++;
        }

        return i;
    }

    /// <summary>Whether the character at <paramref name="index"/> holds two parts of a compound together.</summary>
    private static bool Connects(ReadOnlySpan<char> text, int index)
    {
        if (index + 1 >= text.Length || !IsWordPart(text[index + 1]) || IsIdeographic(text[index + 1]))
            return false;
        return text[index] switch
        {
            '_' or '-' => true,
            ':' or ',' => char.IsDigit(text[index - 1]) && char.IsDigit(text[index + 1]),
            '.' => char.IsDigit(text[index - 1]) || char.IsDigit(text[index + 1]) || char.IsLower(text[index + 1]),
            _ => false,
        };
    }

    private static bool Joins(char c) => char.IsWhiteSpace(c) || c is '`' or '*' or '"' or '-' or '/' or ':' or '\'' or '’';

    private static bool IsWordPart(char c) =>
        char.IsLetterOrDigit(c) || char.IsSurrogate(c)
        || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    // Kana, CJK ideographs with extension A, Hangul syllables: scripts whose words are not set apart by spaces, or rarely.
    private static bool IsIdeographic(char c) =>
        c is (>= '\u3040' and <= '\u30FF') or (>= '\u3400' and <= '\u9FFF') or (>= '\uAC00' and <= '\uD7AF');
}
