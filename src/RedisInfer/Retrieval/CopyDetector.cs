using System.IO.Hashing;
using System.Runtime.InteropServices;
using RedisInfer.Prompting;

namespace RedisInfer.Retrieval;

/// <summary>
/// Finds near copies among the chunks of one selection: nearly the same runs of three words (A. Broder, "On the resemblance and containment
/// of documents", 1997). The first of a group is kept, which is the best, and the others are named at it. A copy that holds more of the
/// question's words than the first is none: the words it differs in are asked for.
/// </summary>
internal sealed class CopyDetector
{
    // Copies of a licence with another year and name are above it.
    private const float LeastResemblance = 0.7f;
    private const int WordsPerShingle = 3;

    // Of fewer, one name makes all the difference.
    private const int LeastShingles = 8;
    private const float MoreWords = 1e-4f;

    private readonly List<(HashSet<ulong> Shingles, float WordScore)> _kept = [];

    /// <summary>Whether a chunk is a near copy of a kept passage. If it is, names it there.</summary>
    /// <param name="path">The chunk's document.</param>
    /// <param name="text">The chunk's text.</param>
    /// <param name="wordScore">The cosine between the question's words and the chunk's.</param>
    /// <param name="passages">The passages kept so far: those for which this returned false, in order.</param>
    public bool IsCopy(string path, string text, float wordScore, IReadOnlyList<Passage> passages)
    {
        HashSet<ulong> shingles = Read(text);
        for (int i = 0; i < passages.Count; i++)
        {
            if (passages[i].Path != path
                && wordScore <= _kept[i].WordScore + MoreWords
                && Resemblance(shingles, _kept[i].Shingles) >= LeastResemblance)
            {
                passages[i].AlsoIn.Add(path);
                return true;
            }
        }

        _kept.Add((shingles, wordScore));
        return false;
    }

    private static float Resemblance(HashSet<ulong> a, HashSet<ulong> b)
    {
        if (Math.Min(a.Count, b.Count) < LeastShingles)
            return 0;
        int shared = a.Count(b.Contains);
        return (float)shared / (a.Count + b.Count - shared);
    }

    private static HashSet<ulong> Read(string text)
    {
        var words = new List<ulong>();
        int start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && char.IsLetterOrDigit(text[i]))
                continue;
            if (i > start)
                words.Add(XxHash3.HashToUInt64(MemoryMarshal.AsBytes(text.AsSpan(start, i - start))));
            start = i + 1;
        }

        ReadOnlySpan<ulong> all = CollectionsMarshal.AsSpan(words);
        var shingles = new HashSet<ulong>();
        for (int i = 0; i + WordsPerShingle <= all.Length; i++)
        {
            shingles.Add(XxHash3.HashToUInt64(MemoryMarshal.AsBytes(all.Slice(i, WordsPerShingle))));
        }

        return shingles;
    }
}
