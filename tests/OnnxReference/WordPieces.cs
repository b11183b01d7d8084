using System.Text;

namespace RedisInfer.Tests.OnnxReference;

/// <summary>
/// BERT's own rules for English text (google-research/bert, tokenization.py, uncased): splits at spaces and punctuation, then takes the
/// longest piece that the vocabulary has. Accents are not removed, so give it text without them.
/// </summary>
internal sealed class WordPieces(IReadOnlyList<string> vocabulary)
{
    private const int MostLetters = 100;
    private const int MostTokens = 512;

    private readonly Dictionary<string, long> _ids = vocabulary.Select((token, id) => (token, id)).ToDictionary(pair => pair.token, pair => (long)pair.id);

    /// <summary>The ids of a text, with those that begin and end it. A longer text is cut.</summary>
    public long[] Encode(string text)
    {
        List<long> ids = [_ids["[CLS]"], .. Words(text).SelectMany(Split).Take(MostTokens - 2), _ids["[SEP]"]];
        return [.. ids];
    }

    private static List<string> Words(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (char letter in text.ToLowerInvariant())
        {
            if (char.IsWhiteSpace(letter))
            {
                End();
            }
            else if (char.IsPunctuation(letter) || char.IsSymbol(letter))
            {
                End();
                words.Add(letter.ToString());
            }
            else if (!char.IsControl(letter))
            {
                word.Append(letter);
            }
        }

        End();
        return words;

        void End()
        {
            if (word.Length > 0)
                words.Add(word.ToString());
            word.Clear();
        }
    }

    private List<long> Split(string word)
    {
        var pieces = new List<long>();
        for (int start = 0; start < word.Length && word.Length <= MostLetters;)
        {
            int end = word.Length;
            long id = 0;
            while (end > start && !_ids.TryGetValue((start > 0 ? "##" : "") + word[start..end], out id))
                end--;
            if (end == start)
                return [_ids["[UNK]"]];
            pieces.Add(id);
            start = end;
        }

        return pieces.Count > 0 ? pieces : [_ids["[UNK]"]];
    }
}
