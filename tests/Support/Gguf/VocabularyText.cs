using System.Text.RegularExpressions;

namespace RedisInfer.Tests.Support.Gguf;

/// <summary>The English text, a few kilobytes, from which the test vocabularies are learnt.</summary>
internal static partial class VocabularyText
{
    private static readonly Lazy<string> LazyText = new(Read);

    public static string Text => LazyText.Value;

    /// <summary>Paragraphs stand for documents where rarity is counted.</summary>
    public static IReadOnlyList<string> Paragraphs => Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The pieces within which merges may happen: close to Qwen2's pre-tokenizer, for ASCII text.</summary>
    public static IEnumerable<string> Pieces(string text) => Piece().Matches(text).Select(m => m.Value);

    private static string Read()
    {
        using Stream stream = typeof(VocabularyText).Assembly.GetManifestResourceStream("RedisInfer.Tests.Support.Gguf.vocabulary.txt")!;
        using var reader = new StreamReader(stream);
        // A checkout may have changed the line ends; the vocabulary must not follow.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    [GeneratedRegex(@"[^\r\nA-Za-z0-9]?[A-Za-z]+|[0-9]| ?[^\sA-Za-z0-9]+[\r\n]*|\s*[\r\n]+|\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Piece();
}
