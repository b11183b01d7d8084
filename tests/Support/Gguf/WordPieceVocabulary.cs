namespace RedisInfer.Tests.Support.Gguf;

/// <summary>
/// A lower-case WordPiece vocabulary like that of BERT, in llama.cpp's spelling: U+2581 marks a token that starts a word, and a
/// token within a word has no mark. Every printable ASCII character has both forms, so only other letters are unknown.
/// </summary>
public sealed class WordPieceVocabulary
{
    private const char WordStart = '\u2581';
    private const int NormalToken = 1, ControlToken = 3;
    private const int MostWords = 600;

    private static readonly string[] Special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
    private static readonly string[] Endings = ["s", "es", "ed", "er", "ers", "ing", "ings", "ly", "ment", "tion", "ness", "able"];

    private static readonly Lazy<WordPieceVocabulary> LazySmall = new(() => new WordPieceVocabulary());

    private WordPieceVocabulary()
    {
        char[] characters = [.. Enumerable.Range('!', '~' - '!' + 1).Select(c => (char)c).Where(c => !char.IsAsciiLetterUpper(c))];
        IEnumerable<string> words = VocabularyText.Pieces(VocabularyText.Text.ToLowerInvariant())
            .Select(w => w.Trim())
            .Where(w => w.Length > 1 && w.All(char.IsAsciiLetterLower))
            .GroupBy(w => w)
            .OrderByDescending(g => g.Count())
            .ThenBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => WordStart + g.Key)
            .Take(MostWords);
        Tokens = Special
            .Concat(characters.Select(c => $"{WordStart}{c}"))
            .Concat(characters.Select(c => c.ToString()))
            .Concat(Endings)
            .Concat(words)
            .Distinct(StringComparer.Ordinal)
            .ToArray();
    }

    public static WordPieceVocabulary Small => LazySmall.Value;

    public IReadOnlyList<string> Tokens { get; }

    public GgufMetadata AddTo(GgufMetadata metadata) => metadata
        .Set("tokenizer.ggml.model", "bert")
        .Set("tokenizer.ggml.token_type_count", 2u)
        .Set("tokenizer.ggml.tokens", Tokens.ToArray())
        .Set("tokenizer.ggml.token_type", Tokens.Select((_, id) => id < Special.Length ? ControlToken : NormalToken).ToArray())
        .Set("tokenizer.ggml.padding_token_id", 0u)
        .Set("tokenizer.ggml.unknown_token_id", 1u)
        .Set("tokenizer.ggml.bos_token_id", 2u)
        .Set("tokenizer.ggml.cls_token_id", 2u)
        .Set("tokenizer.ggml.seperator_token_id", 3u)
        .Set("tokenizer.ggml.mask_token_id", 4u);
}
