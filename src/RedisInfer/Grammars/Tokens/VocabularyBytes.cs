using RedisInfer.Inference;

namespace RedisInfer.Grammars.Tokens;

/// <summary>
/// The tokens of a vocabulary in the order of their bytes. So tokens with the same beginning are read once. Immutable; may be used by several
/// threads at once.
/// </summary>
internal sealed class VocabularyBytes
{
    private readonly ITokenizer _tokenizer;
    private readonly int[] _tokens;

    // For each token in that order, the bytes that it begins with like the one before it.
    private readonly int[] _common;
    private readonly bool[] _bytes = new bool[256];

    /// <summary>Reads a vocabulary.</summary>
    /// <param name="tokenizer">Its tokenizer.</param>
    public VocabularyBytes(ITokenizer tokenizer)
    {
        _tokenizer = tokenizer;
        int[] all = [.. Enumerable.Range(0, tokenizer.VocabularySize)];
        Ends = Array.FindAll(all, tokenizer.IsEndOfGeneration);
        _tokens = Array.FindAll(all, token => !tokenizer.GetBytes(token).IsEmpty && !tokenizer.IsEndOfGeneration(token));
        Array.Sort(_tokens, (a, b) => tokenizer.GetBytes(a).SequenceCompareTo(tokenizer.GetBytes(b)));
        _common = new int[_tokens.Length];
        for (int i = 0; i < _tokens.Length; i++)
        {
            ReadOnlySpan<byte> bytes = BytesAt(i);
            _common[i] = i > 0 ? bytes.CommonPrefixLength(BytesAt(i - 1)) : 0;
            MaxLength = Math.Max(MaxLength, bytes.Length);
            _bytes[bytes[0]] |= bytes.Length == 1;
        }
    }

    /// <summary>Number of tokens that are a text.</summary>
    public int Count => _tokens.Length;

    /// <summary>Bytes of the longest token.</summary>
    public int MaxLength { get; }

    /// <summary>The tokens that end a text.</summary>
    public int[] Ends { get; }

    /// <summary>A token in the order of bytes.</summary>
    /// <param name="place">Its place in that order.</param>
    public int TokenAt(int place) => _tokens[place];

    /// <summary>The bytes of a token.</summary>
    /// <param name="place">Its place in the order of bytes.</param>
    public ReadOnlySpan<byte> BytesAt(int place) => _tokenizer.GetBytes(_tokens[place]);

    /// <summary>The number of bytes that a token begins with like the one before it.</summary>
    /// <param name="place">Its place in the order of bytes.</param>
    public int CommonAt(int place) => _common[place];

    /// <summary>The bytes of a token that is a text; empty for all others.</summary>
    /// <param name="token">The token.</param>
    public ReadOnlySpan<byte> BytesOf(int token) => IsEnd(token) ? [] : _tokenizer.GetBytes(token);

    /// <summary>Whether a token ends a text.</summary>
    /// <param name="token">The token.</param>
    public bool IsEnd(int token) => _tokenizer.IsEndOfGeneration(token);

    /// <summary>Whether a byte of a set is a token.</summary>
    /// <param name="set">The set.</param>
    public bool HasByteOf(ByteSet set)
    {
        for (int value = 0; value < _bytes.Length; value++)
        {
            if (_bytes[value] && set.Contains((byte)value))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Counts the tokens that a text needs.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Least number of tokens from each byte to the end; <see cref="Grammar.Never"/>: it cannot be spelled.</returns>
    public long[] CountTokens(ReadOnlySpan<byte> text)
    {
        var least = new long[text.Length + 1];
        for (int start = text.Length - 1; start >= 0; start--)
        {
            least[start] = Grammar.Never;
            int low = 0, high = _tokens.Length;
            for (int length = 1; start + length <= text.Length; length++)
            {
                byte next = text[start + length - 1];
                low = FirstFrom(low, high, length, next);
                high = FirstFrom(low, high, length, next + 1);
                if (low == high)
                {
                    break;
                }

                if (BytesAt(low).Length == length)
                {
                    least[start] = Math.Min(least[start], 1 + least[start + length]);
                }
            }
        }

        return least;
    }

    /// <summary>Of tokens that begin alike, the first whose byte at a length is at least a value. Shorter tokens come first.</summary>
    private int FirstFrom(int low, int high, int length, int value)
    {
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            ReadOnlySpan<byte> bytes = BytesAt(middle);
            if ((bytes.Length < length ? -1 : bytes[length - 1]) < value)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
