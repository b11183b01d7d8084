using System.Text;

namespace RedisInfer.Folders;

/// <summary>Turns the bytes of a text file into text, whatever its encoding is. A wrong byte costs that byte, not the file.</summary>
internal static class TextDecoder
{
    // UTF-32 before UTF-16: the little-endian UTF-32 mark begins with the UTF-16 mark.
    private static readonly Encoding[] Marked =
    [
        Encoding.UTF8, Encoding.UTF32, new UTF32Encoding(bigEndian: true, byteOrderMark: true), Encoding.Unicode, Encoding.BigEndianUnicode,
    ];

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether these first bytes of a file can be a text's.</summary>
    public static bool CanBeText(ReadOnlySpan<byte> bytes) =>
        !bytes.Contains((byte)0) || FindMark(bytes) is not (null or UTF8Encoding) || Utf16Guess.Of(bytes) is not null;

    /// <summary>Decodes a file.</summary>
    /// <param name="bytes">All its bytes.</param>
    /// <returns>The text without byte order mark, and its encoding; <see langword="null"/> if it is not text.</returns>
    public static (string Text, Encoding Encoding)? Decode(ReadOnlySpan<byte> bytes)
    {
        if (!CanBeText(bytes))
            return null;
        if (FindMark(bytes) is { } marked)
            return (marked.GetString(bytes[marked.Preamble.Length..]), marked);
        if (bytes.Contains((byte)0) && Utf16Guess.Of(bytes) is { } zeros)
            return (zeros.GetString(bytes), zeros);

        // What is valid UTF-8 is UTF-8. Only the escape sequences of old Japanese mail make other text of ASCII bytes.
        if (TryUtf8(bytes) is { } text && !text.Contains("\e$", StringComparison.Ordinal))
            return (text, Encoding.UTF8);
        return Utf16Guess.Of(bytes) is { } encoding ? (encoding.GetString(bytes), encoding) : EncodingGuess.Decode(bytes);
    }

    private static string? TryUtf8(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static Encoding? FindMark(ReadOnlySpan<byte> bytes)
    {
        foreach (Encoding encoding in Marked)
        {
            if (bytes.StartsWith(encoding.Preamble))
                return encoding;
        }

        return null;
    }
}
