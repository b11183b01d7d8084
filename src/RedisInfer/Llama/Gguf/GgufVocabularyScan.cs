using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace RedisInfer.Llama.Gguf;

/// <summary>Facts about a vocabulary, collected while its file is read. They are compared with what llama.cpp assumes.</summary>
internal sealed class GgufVocabularyScan
{
    /// <summary><c>LLAMA_TOKEN_TYPE_BYTE</c>.</summary>
    private const int ByteType = 6;
    private const int ByteCount = 256;

    private readonly HashSet<UInt128> _seen = [];
    private readonly HashSet<int> _namedLikeByte = [];
    private readonly List<int> _ofByteType = [];
    private readonly bool[] _bytes = new bool[ByteCount];
    private readonly bool[] _escapedBytes = new bool[ByteCount];
    private int _tokens;
    private int _types;

    /// <summary>The first token found to occur twice.</summary>
    internal string? DuplicateToken { get; private set; }

    /// <summary>The first byte without a token of its own, whether named (<c>&lt;0x41&gt;</c>) or the byte itself.</summary>
    internal int? FirstMissingByte => Array.IndexOf(_bytes, false) is var index and >= 0 ? index : null;

    /// <summary>The first byte without a token of its own, if names are read as RWKV writes them (<c>\x41</c>).</summary>
    internal int? FirstMissingEscapedByte => Array.IndexOf(_escapedBytes, false) is var index and >= 0 ? index : null;

    /// <summary>Whether any token has the byte type.</summary>
    internal bool HasByteTokens => _ofByteType.Exists(token => token < _tokens);

    /// <summary>The first token of the byte type that is not named like a byte.</summary>
    internal int? FirstMisnamedByteToken
    {
        get
        {
            int index = _ofByteType.FindIndex(token => token < _tokens && !_namedLikeByte.Contains(token));
            return index >= 0 ? _ofByteType[index] : null;
        }
    }

    /// <summary>Adds the text of the next token.</summary>
    internal void AddToken(ReadOnlySpan<byte> text)
    {
        int token = _tokens++;

        // As llama.cpp reads it: the text ends at the first zero byte, and an empty text gets a name made from its index.
        int end = text.IndexOf((byte)0);
        ReadOnlySpan<byte> name = end < 0 ? text : text[..end];
        name = name.IsEmpty ? Encoding.UTF8.GetBytes($"[EMPTY_{token}]") : name;
        if (!_seen.Add(XxHash128.HashToUInt128(name)))
        {
            DuplicateToken ??= Encoding.UTF8.GetString(name);
        }

        if (EscapedByte(name) is { } escaped)
        {
            _escapedBytes[escaped] = true;
        }

        if (name.Length == 1)
        {
            _bytes[name[0]] = true;
        }
        else if (ByteNamed(name) is { } value)
        {
            _bytes[value] = true;
            _namedLikeByte.Add(token);
        }
    }

    /// <summary>Adds the type of the next token.</summary>
    internal void AddType(int type)
    {
        if (type == ByteType)
        {
            _ofByteType.Add(_types);
        }

        _types++;
    }

    // As llama_unescape_rwkv_token (llama-vocab.cpp) reads a name that gives one byte.
    private static byte? EscapedByte(ReadOnlySpan<byte> name) => name switch
    {
        [(byte)'\\', (byte)'t'] => (byte)'\t',
        [(byte)'\\', (byte)'n'] => (byte)'\n',
        [(byte)'\\', (byte)'r'] => (byte)'\r',
        [(byte)'\\', not (byte)'x'] => name[1],
        [not (byte)'\\'] => name[0],
        [(byte)'\\', (byte)'x', _, _]
            when byte.TryParse(name[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value) => value,
        _ => null,
    };

    // Parses "<0x0A>"; the digits must be upper-case.
    private static byte? ByteNamed(ReadOnlySpan<byte> name) =>
        name.Length == 6 && name.StartsWith("<0x"u8) && name[5] == (byte)'>' && name.IndexOfAnyInRange((byte)'a', (byte)'f') < 0
        && byte.TryParse(name.Slice(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value)
            ? value
            : null;
}
