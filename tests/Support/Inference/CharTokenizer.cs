using System.Text;
using RedisInfer.Inference;

namespace RedisInfer.Tests.Support.Inference;

/// <summary>A tokenizer whose tokens are UTF-16 code units, so that a test can read tokens as text.</summary>
public sealed class CharTokenizer : ITokenizer
{
    public const int EndOfText = 0;

    public string Fingerprint => new('c', 32);

    public ReadOnlyMemory<int> LeadingTokens { get; init; }

    public int VocabularySize => char.MaxValue + 1;

    public static string Read(ReadOnlySpan<int> tokens)
    {
        var text = new StringBuilder();
        foreach (int token in tokens)
        {
            text.Append((char)token);
        }

        return text.ToString();
    }

    public int[] Tokenize(ReadOnlySpan<char> text, bool parseSpecial)
    {
        int[] tokens = new int[text.Length];
        for (int i = 0; i < tokens.Length; i++)
        {
            tokens[i] = text[i];
        }

        return tokens;
    }

    public int CountTokens(ReadOnlySpan<char> text) => text.Length;

    public ReadOnlySpan<byte> GetBytes(int token) => Encoding.UTF8.GetBytes([(char)token]);

    public bool IsEndOfGeneration(int token) => token == EndOfText;
}
