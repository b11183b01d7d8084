using RedisInfer.Inference;

namespace RedisInfer.Tests.Unit.Grammars;

/// <summary>A vocabulary of some texts, and of all bytes unless a test leaves some out.</summary>
internal sealed class ByteTokenizer(IReadOnlyList<byte[]> tokens) : ITokenizer
{
    public ByteTokenizer(params string[] texts)
        : this([.. Enumerable.Range(0, 256).Select(value => new[] { (byte)value }), .. texts.Select(System.Text.Encoding.UTF8.GetBytes)])
    {
    }

    public string Fingerprint => "bytes";

    public int VocabularySize => tokens.Count + 1;

    public int EndOfText => tokens.Count;

    public int[] Tokenize(ReadOnlySpan<char> text, bool parseSpecial) => throw new NotSupportedException();

    public int CountTokens(ReadOnlySpan<char> text) => throw new NotSupportedException();

    public ReadOnlySpan<byte> GetBytes(int token) => token == EndOfText ? [] : tokens[token];

    public bool IsEndOfGeneration(int token) => token == EndOfText;
}
