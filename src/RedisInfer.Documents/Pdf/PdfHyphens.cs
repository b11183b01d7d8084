namespace RedisInfer.Documents.Pdf;

/// <summary>
/// Joins lines of a paragraph. A hyphen at the end of a line is dropped, unless the document writes the word with it elsewhere.
/// </summary>
internal sealed class PdfHyphens
{
    private static readonly char[] Hyphens = ['-', '\u2010', '\u00AD'];
    private static readonly char[] AroundWords = ['(', ')', '[', ']', '"', '\'', '“', '”', '‘', '’', ',', '.', ';', ':', '!', '?'];

    private readonly HashSet<string> _words = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Learns the words inside lines, which are never broken.</summary>
    public void Learn(string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < words.Length; i++)
        {
            string word = words[i].Trim(AroundWords);
            if (word.Length is > 2 and < 64 && !Hyphens.Contains(word[^1]))
                _words.Add(word);
        }
    }

    /// <summary>Joins two lines.</summary>
    public string Join(string first, string second)
    {
        if (first.Length < 2 || second.Length == 0 || !Hyphens.Contains(first[^1]) || !char.IsLetter(first[^2]) || !char.IsLetter(second[0]))
            return first + " " + second;
        string start = first[(first.LastIndexOf(' ') + 1)..].TrimStart(AroundWords);
        int end = second.IndexOf(' ');
        string rest = (end < 0 ? second : second[..end]).TrimEnd(AroundWords);
        bool joined = _words.Contains(start[..^1] + rest);
        bool hyphenated = _words.Contains(start[..^1] + "-" + rest);
        // A capital letter after a hyphen, or several hyphens, is how a compound is written.
        bool compound = char.IsUpper(rest[0]) || start[..^1].IndexOfAny(Hyphens) >= 0;
        return first[^1] != '\u00AD' && !joined && (hyphenated || compound) ? first + second : first[..^1] + second;
    }
}
