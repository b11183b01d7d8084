using System.Buffers;
using System.Text;
using RedisInfer.Inference;
using RedisInfer.Llama.Binding;
using RedisInfer.Llama.Interop;

namespace RedisInfer.Llama;

/// <summary>The tokenizer of a loaded model. llama.cpp's functions for it may be called from several threads.</summary>
internal sealed unsafe class LlamaTokenizer : ITokenizer
{
    private const int FirstPieceBytes = 64;

    // Changes if the same text gives other tokens than before, with a vocabulary that has marks or is of SentencePiece.
    private const string TextRules = "texts 2";

    private readonly BoundModel _model;

    // What splits a text that is not a template's. llama.cpp makes tokens of these marks out of any text.
    private readonly SearchValues<string>? _marks;

    // Filled on demand. Two threads may fill the same entry: both write the same bytes.
    private readonly byte[]?[] _bytes;

    internal LlamaTokenizer(BoundModel model, ModelFacts facts, string fingerprint)
    {
        _model = model;
        _bytes = new byte[]?[facts.VocabularySize];
        string[] marks = ReadMarks(model);
        _marks = marks.Length > 0 ? SearchValues.Create(marks, StringComparison.Ordinal) : null;
        bool isOther = _marks is not null || facts.VocabularyType == LlamaConstants.LLAMA_VOCAB_TYPE_SPM;
        Fingerprint = isOther ? ModelFingerprint.OfTexts(fingerprint, TextRules) : fingerprint;
        (LeadingTokens, TrailingTokens) = ReadSurroundingTokens();
        PairTokens = PairTokensOf(facts);
    }

    public string Fingerprint { get; }

    public int VocabularySize => _bytes.Length;

    public ReadOnlyMemory<int> LeadingTokens { get; }

    public ReadOnlyMemory<int> TrailingTokens { get; }

    public ReadOnlyMemory<int> PairTokens { get; }

    public int[] Tokenize(ReadOnlySpan<char> text, bool parseSpecial)
    {
        using HandleUse use = _model.Use();
        int[] tokens = ArrayPool<int>.Shared.Rent(EstimateTokens(text.Length));
        try
        {
            int count = 0;
            var pieces = new TextPieces(text, parseSpecial ? null : _marks);
            while (pieces.MoveNext())
            {
                count += TokenizePiece(pieces.Current, parseSpecial, ref tokens, count);
            }

            return tokens.AsSpan(0, count).ToArray();
        }
        finally
        {
            ArrayPool<int>.Shared.Return(tokens);
        }
    }

    public int CountTokens(ReadOnlySpan<char> text)
    {
        using HandleUse use = _model.Use();
        int[] tokens = ArrayPool<int>.Shared.Rent(EstimateTokens(Math.Min(text.Length, TextPieces.MaxPieceChars)));
        try
        {
            int count = 0;
            var pieces = new TextPieces(text, _marks);
            while (pieces.MoveNext())
            {
                count += TokenizePiece(pieces.Current, parseSpecial: false, ref tokens, offset: 0);
            }

            return count;
        }
        finally
        {
            ArrayPool<int>.Shared.Return(tokens);
        }
    }

    public ReadOnlySpan<byte> GetBytes(int token)
    {
        CheckToken(token);
        return _bytes[token] ??= ReadBytes(token);
    }

    public string GetControlName(int token)
    {
        CheckToken(token);
        using HandleUse use = _model.Use();
        return (_model.ReadAttributes(token) & LlamaConstants.LLAMA_TOKEN_ATTR_CONTROL) != 0 ? _model.ReadText(token) : "";
    }

    public bool IsEndOfGeneration(int token)
    {
        CheckToken(token);
        using HandleUse use = _model.Use();
        return _model.IsEndOfGeneration(token);
    }

    // In most texts, three to four characters make a token. If the estimate is too small, the buffer grows once.
    private static int EstimateTokens(int chars) => chars / 2 + 16;

    private int TokenizePiece(ReadOnlySpan<char> text, bool parseSpecial, ref int[] tokens, int offset)
    {
        byte[] utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        try
        {
            int bytes = Encoding.UTF8.GetBytes(text, utf8);
            int count = Call(utf8, bytes, parseSpecial, tokens, offset);
            if (count < 0 && count != int.MinValue)
            {
                Grow(ref tokens, offset, -count);
                count = Call(utf8, bytes, parseSpecial, tokens, offset);
            }

            return count >= 0 ? count : throw new InvalidOperationException("llama.cpp returned two different token counts for one text.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(utf8);
        }
    }

    private int Call(byte[] utf8, int bytes, bool parseSpecial, int[] tokens, int offset)
    {
        fixed (byte* text = utf8)
        fixed (int* result = tokens)
        {
            return _model.Tokenize(text, bytes, result + offset, tokens.Length - offset, addSpecial: false, parseSpecial);
        }
    }

    private static void Grow(ref int[] tokens, int used, int needed)
    {
        int[] larger = ArrayPool<int>.Shared.Rent(Math.Max(used + needed, (int)Math.Min(tokens.Length * 2L, Array.MaxLength)));
        tokens.AsSpan(0, used).CopyTo(larger);
        ArrayPool<int>.Shared.Return(tokens);
        tokens = larger;
    }

    // Finds the special tokens that llama.cpp adds around a text on request: those before and after the text's own tokens.
    private (int[] Leading, int[] Trailing) ReadSurroundingTokens()
    {
        int[] alone = Tokenize("a", parseSpecial: false);
        int[] buffer = new int[64];
        byte text = (byte)'a';
        int count;
        fixed (int* tokens = buffer)
        {
            count = _model.Tokenize(&text, 1, tokens, buffer.Length, addSpecial: true, parseSpecial: false);
        }

        ReadOnlySpan<int> surrounded = buffer.AsSpan(0, Math.Max(count, 0));
        int start = surrounded.IndexOf(alone);
        return alone.Length == 0 || start < 0
            ? ([], [])
            : (surrounded[..start].ToArray(), surrounded[(start + alone.Length)..].ToArray());
    }

    // The first text ends as a text alone does. Vocabularies other than BERT's may say that the second begins with a separator.
    private ReadOnlyMemory<int> PairTokensOf(ModelFacts facts) =>
        facts.VocabularyType != LlamaConstants.LLAMA_VOCAB_TYPE_WPM && facts.AddsSeparator && facts.Separator >= 0
            ? (int[])[.. TrailingTokens.Span, facts.Separator]
            : TrailingTokens;

    // Texts of the tokens that llama.cpp finds in any text, such as "</think>" in some vocabularies. White space means nothing but itself, and
    // a single character cannot be split.
    private string[] ReadMarks(BoundModel model)
    {
        using HandleUse use = model.Use();
        var marks = new List<string>();
        for (int token = 0; token < _bytes.Length; token++)
        {
            if ((model.ReadAttributes(token) & LlamaConstants.LLAMA_TOKEN_ATTR_USER_DEFINED) != 0
                && model.ReadText(token) is { } text && !string.IsNullOrWhiteSpace(text) && text.EnumerateRunes().Skip(1).Any())
            {
                marks.Add(text);
            }
        }

        return [.. marks];
    }

    private byte[] ReadBytes(int token)
    {
        using HandleUse use = _model.Use();
        byte[] buffer = new byte[FirstPieceBytes];
        while (true)
        {
            int length;
            fixed (byte* piece = buffer)
            {
                length = _model.ReadPiece(token, piece, buffer.Length);
            }

            if (length >= 0)
            {
                return buffer[..length];
            }

            buffer = new byte[-length];
        }
    }

    private void CheckToken(int token)
    {
        if (token < 0 || token >= _bytes.Length)
        {
            throw new ArgumentOutOfRangeException(
                nameof(token), token, $"The vocabulary has {_bytes.Length} tokens: their ids run from 0 to {_bytes.Length - 1}.");
        }
    }
}
