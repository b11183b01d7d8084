namespace RedisInfer.Tests.Support.Gguf;

/// <summary>
/// A small vocabulary of SentencePiece, as Llama 2 and Mistral have one: a space before a word is part of its token, and characters without
/// a token are bytes. Order of ids: unknown, begin, end, marks of turns, 256 bytes, pieces, fillers.
/// </summary>
public static class SentencePieceVocabulary
{
    public const string BeginOfText = "<s>";
    public const string EndOfText = "</s>";

    // U+2581 represents a space in this kind of vocabulary.
    private const char Space = '\u2581';
    private const int NormalToken = 1, UnknownToken = 2, ControlToken = 3, ByteToken = 6;

    private static readonly string[] Characters = [" ", .. Enumerable.Range('!', '~' - '!' + 1).Select(c => ((char)c).ToString())];

    private static readonly string[] Controls = ["<unk>", BeginOfText, EndOfText, "[INST]", "[/INST]", "[THINK]", "[/THINK]"];

    /// <summary>Gives a model this vocabulary. It keeps the number of its tokens.</summary>
    public static GgufModel Apply(GgufModel model)
    {
        int count = model.Metadata.Get<string[]>("tokenizer.ggml.tokens").Length;
        List<string> tokens = [.. Controls, .. Enumerable.Range(0, 256).Select(b => $"<0x{b:X2}>")];
        int firstPiece = tokens.Count;
        foreach (string word in Characters.Concat(VocabularyText.Pieces(VocabularyText.Text)))
        {
            // Each beginning of a word is a piece, so that pieces can be joined step by step.
            string piece = word.Replace(' ', Space);
            tokens.AddRange(Enumerable.Range(1, piece.Length).Select(length => piece[..length]).Where(part => !part.Contains('\n')));
        }

        tokens = [.. tokens.Distinct().Take(count)];
        tokens.AddRange(Enumerable.Range(0, count - tokens.Count).Select(i => $"[filler {i}]"));
        model.Metadata
            .Set("tokenizer.ggml.model", "llama")
            .Set("tokenizer.ggml.pre", "default")
            .Set("tokenizer.ggml.tokens", tokens.ToArray())
            .Set("tokenizer.ggml.scores", tokens.Select((token, id) => id < firstPiece ? 0f : -id).ToArray())
            .Set("tokenizer.ggml.token_type", tokens.Select((_, id) =>
                id == 0 ? UnknownToken : id < Controls.Length ? ControlToken : id < firstPiece ? ByteToken : NormalToken).ToArray())
            .Set("tokenizer.ggml.bos_token_id", 1u)
            .Set("tokenizer.ggml.eos_token_id", 2u)
            .Set("tokenizer.ggml.unknown_token_id", 0u)
            .Set("tokenizer.ggml.padding_token_id", 0u)
            .Set("tokenizer.ggml.add_bos_token", true)
            .Set("tokenizer.ggml.add_space_prefix", true);
        return model;
    }
}
