using System.Text.RegularExpressions;
using RedisInfer.Redis;

namespace RedisInfer.Retrieval;

/// <summary>Reads the words by which chunks are ranked. For one thread.</summary>
internal sealed partial class WordReader
{
    /// <summary>Names the way words are read. Words read in another way are not found.</summary>
    public const string Identity = "words/1";

    private readonly LexicalReader _reader = new(forRanking: true);

    /// <summary>Reads a text to be found.</summary>
    /// <returns>Each word once.</returns>
    public WordCount[] Read(string text)
    {
        var words = new List<WordCount>();
        foreach (LexicalFeature feature in _reader.Read(text))
        {
            uint hash = Fold(feature.Hash);
            if (words.Count > 0 && words[^1].Hash == hash)
                words[^1] = new WordCount(hash, (byte)Math.Min(words[^1].Count + 1, byte.MaxValue));
            else
                words.Add(new WordCount(hash, 1));
        }

        return [.. words];
    }

    /// <summary>Reads a question.</summary>
    /// <returns>Each word once.</returns>
    public List<WordQuery> ReadQuestion(string question)
    {
        HashSet<uint> names = [];
        foreach (Match name in Name().Matches(question))
        {
            foreach (LexicalFeature feature in _reader.Read(name.ValueSpan))
            {
                names.Add(Fold(feature.Hash));
            }
        }

        var words = new List<WordQuery>();
        foreach (LexicalFeature feature in _reader.Read(question))
        {
            uint hash = Fold(feature.Hash);
            if (words.Count > 0 && words[^1].Hash == hash)
                words[^1] = new WordQuery(hash, Math.Max(words[^1].Weight, feature.Weight), words[^1].IsPair && feature.Weight < LexicalReader.LeastWordFactor);
            else
                words.Add(new WordQuery(hash, feature.Weight, IsPair: feature.Weight < LexicalReader.LeastWordFactor));
        }

        return [.. words.Select(word => word with { IsName = names.Contains(word.Hash) })];
    }

    /// <summary>A word with a capital that does not begin a sentence, or with a capital or a digit after its first character.</summary>
    [GeneratedRegex(@"(?<=[\p{L}\p{N},;:)] )\p{Lu}[\p{L}\p{N}]*|\b[\p{L}\p{N}]+(?<=[\p{L}\p{N}])[\p{Lu}\p{N}][\p{L}\p{N}]*")]
    private static partial Regex Name();

    /// <summary>The upper half: features come sorted by hash, so that equal halves are neighbours too.</summary>
    private static uint Fold(ulong hash) => (uint)(hash >> 32);
}
