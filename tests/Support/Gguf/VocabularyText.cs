using System.Text.RegularExpressions;

namespace RedisInfer.Tests.Support.Gguf;

/// <summary>An English text of a few kilobytes, from which the test vocabularies are learned.</summary>
internal static partial class VocabularyText
{
    private static readonly Lazy<string> LazyText = new(Read);

    public static string Text => LazyText.Value;

    /// <summary>The paragraphs of the text. They represent documents when rarity is counted.</summary>
    public static IReadOnlyList<string> Paragraphs => Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The pieces within which merges may happen. For ASCII text, they are close to those of Qwen2's pre-tokenizer.</summary>
    public static IEnumerable<string> Pieces(string text) => Piece().Matches(text).Select(m => m.Value);

    private static string Read()
    {
        using Stream stream = typeof(VocabularyText).Assembly.GetManifestResourceStream("RedisInfer.Tests.Support.Gguf.vocabulary.txt")!;
        using var reader = new StreamReader(stream);
        // A checkout may have changed the line ends, but the vocabulary must stay the same.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    [GeneratedRegex(@"[^\r\nA-Za-z0-9]?[A-Za-z]+|[0-9]| ?[^\sA-Za-z0-9]+[\r\n]*|\s*[\r\n]+|\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Piece();
}
