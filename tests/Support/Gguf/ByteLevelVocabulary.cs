using System.Text;

namespace RedisInfer.Tests.Support.Gguf;

/// <summary>
/// A byte-level BPE vocabulary like that of GPT-2. Every byte has a printable letter, so any text can be tokenized and no token is
/// unknown. Order of ids: 256 bytes, merges, fillers (if a size is given), special tokens.
/// </summary>
public sealed class ByteLevelVocabulary
{
    public const string EndOfText = "<|endoftext|>";
    public const string StartOfTurn = "<|im_start|>";
    public const string EndOfTurn = "<|im_end|>";

    private const int NormalToken = 1, ControlToken = 3;
    private const int MergeCount = 700;

    private static readonly char[] ByteLetters = MakeByteLetters();
    private static readonly Lazy<ByteLevelVocabulary> LazySmall = new(() => new ByteLevelVocabulary(0));

    private readonly Dictionary<string, int> _ids;

    /// <param name="size">The minimum number of tokens. Missing tokens are filled up with tokens that no text produces.</param>
    public ByteLevelVocabulary(int size)
    {
        List<(string Left, string Right)> merges = new BpeTrainer(VocabularyText.Pieces(VocabularyText.Text)
            .GroupBy(w => w)
            .Select(g => (ToLetters(g.Key), g.Count()))).Learn(MergeCount);
        Merges = [.. merges.Select(m => $"{m.Left} {m.Right}")];
        string[] special = [EndOfText, StartOfTurn, EndOfTurn];

        List<string> tokens = [.. ByteLetters.Select(c => c.ToString()), .. merges.Select(m => m.Left + m.Right)];
        tokens.AddRange(Fillers(tokens).Take(Math.Max(0, size - tokens.Count - special.Length)));
        FirstSpecial = tokens.Count;
        Tokens = [.. tokens, .. special];
        _ids = Tokens.Select((token, id) => (token, id)).ToDictionary(t => t.token, t => t.id, StringComparer.Ordinal);
        Types = [.. Tokens.Select((_, id) => id < FirstSpecial ? NormalToken : ControlToken)];
    }

    /// <summary>Bytes, merges and special tokens: about a thousand tokens.</summary>
    public static ByteLevelVocabulary Small => LazySmall.Value;

    public IReadOnlyList<string> Tokens { get; }

    public IReadOnlyList<string> Merges { get; }

    public IReadOnlyList<int> Types { get; }

    /// <summary>The first id of the special tokens. All ids from here on are special tokens.</summary>
    public int FirstSpecial { get; }

    public int IdOf(string token) => _ids[token];

    /// <summary>Whether a token consists only of printable ASCII, spaces and line feeds.</summary>
    public bool IsPlain(int id) => id < FirstSpecial && Tokens[id].All(c => c is (>= '!' and <= '~') or '\u0120' or '\u010A');

    /// <summary>Whether a model keeps a row of a tensor: its output layer only those of plain tokens.</summary>
    public bool KeepsRow(string tensor, long row) => tensor != "output.weight" || IsPlain((int)row);

    public GgufMetadata AddTo(GgufMetadata metadata) => metadata
        .Set("tokenizer.ggml.model", "gpt2")
        .Set("tokenizer.ggml.pre", "qwen2")
        .Set("tokenizer.ggml.tokens", Tokens.ToArray())
        .Set("tokenizer.ggml.token_type", Types.ToArray())
        .Set("tokenizer.ggml.merges", Merges.ToArray())
        .Set("tokenizer.ggml.eos_token_id", (uint)IdOf(EndOfTurn))
        .Set("tokenizer.ggml.padding_token_id", (uint)IdOf(EndOfText))
        .Set("tokenizer.ggml.bos_token_id", (uint)IdOf(EndOfText))
        .Set("tokenizer.ggml.add_bos_token", false);

    /// <summary>The UTF-8 bytes of a text, one letter for each byte.</summary>
    public static string ToLetters(string text) => string.Concat(Encoding.UTF8.GetBytes(text).Select(b => ByteLetters[b]));

    // Printable Latin-1 letters represent themselves. The other bytes are U+0100 and up (GPT-2's bytes_to_unicode).
    private static char[] MakeByteLetters()
    {
        var letters = new char[256];
        char next = '\u0100';
        for (int b = 0; b < letters.Length; b++)
            letters[b] = (b is (>= 33 and <= 126) or (>= 161 and <= 172) or >= 174) ? (char)b : next++;
        return letters;
    }

    private static IEnumerable<string> Fillers(IEnumerable<string> taken)
    {
        var known = taken.ToHashSet(StringComparer.Ordinal);
        var word = new char[4];
        for (int n = 0; ; n++)
        {
            for (int i = 0, rest = n; i < word.Length; i++, rest /= 26)
                word[i] = (char)('a' + (rest % 26));
            string token = "\u0120" + new string(word);
            if (known.Add(token))
                yield return token;
        }
    }
}
