using System.Buffers;
using System.Text;

namespace RedisInfer.Folders;

/// <summary>Reads any text as it is. Skips binary files, regardless of their names.</summary>
internal sealed class PlainTextReader : IDocumentReader
{
    // A large binary file is recognized by its first bytes, without reading the rest.
    private const int FirstBlockBytes = 8192;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // UTF-32 before UTF-16: the little-endian UTF-32 mark begins with the UTF-16 mark.
    private static readonly Encoding[] Marked =
    [
        new UTF8Encoding(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true),
        new UTF32Encoding(bigEndian: false, byteOrderMark: true, throwOnInvalidCharacters: true),
        new UTF32Encoding(bigEndian: true, byteOrderMark: true, throwOnInvalidCharacters: true),
        new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true),
        new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true),
    ];

    /// <inheritdoc/>
    public bool CanRead(string path, string mediaType) => true;

    /// <inheritdoc/>
    public async ValueTask<DocumentContent> ReadAsync(DocumentSource source, CancellationToken cancellationToken)
    {
        Stream stream = source.Stream;
        int size = checked((int)stream.Length);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            int first = Math.Min(size, FirstBlockBytes);
            int read = await stream.ReadAtLeastAsync(buffer.AsMemory(0, first), first, throwOnEndOfStream: false, cancellationToken)
                .ConfigureAwait(false);
            if (IsBinary(buffer.AsSpan(0, read)))
                return Binary();
            read += await stream.ReadAtLeastAsync(buffer.AsMemory(read, size - read), size - read, throwOnEndOfStream: false, cancellationToken)
                .ConfigureAwait(false);
            return Decode(buffer.AsSpan(0, read));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static DocumentContent Decode(ReadOnlySpan<byte> bytes)
    {
        if (IsBinary(bytes))
            return Binary();
        Encoding? marked = MarkedEncoding(bytes);
        Encoding encoding = marked ?? Utf8;
        int markBytes = marked?.Preamble.Length ?? 0;
        try
        {
            string text = encoding.GetString(bytes[markBytes..]);
            return string.IsNullOrWhiteSpace(text)
                ? DocumentContent.Skipped("It contains only white space.")
                : DocumentContent.Of(text) with { Encoding = encoding.WebName };
        }
        catch (DecoderFallbackException e)
        {
            string advice = marked is null ? "Save it as UTF-8, or as UTF-16 with a byte order mark." : "It may be damaged.";
            return DocumentContent.Unreadable(
                $"It is not valid {encoding.WebName.ToUpperInvariant()} text (byte {Math.Max(0, e.Index) + markBytes}). {advice}");
        }
    }

    private static Encoding? MarkedEncoding(ReadOnlySpan<byte> bytes)
    {
        foreach (Encoding encoding in Marked)
        {
            if (bytes.StartsWith(encoding.Preamble))
                return encoding;
        }

        return null;
    }

    private static bool IsBinary(ReadOnlySpan<byte> bytes) =>
        bytes.Contains((byte)0) && MarkedEncoding(bytes) is null or UTF8Encoding;

    private static DocumentContent Binary() => DocumentContent.Unreadable("It is a binary file: it contains NUL bytes.");
}
