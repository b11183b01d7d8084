using System.Buffers;
using System.Text;

namespace RedisInfer.Ingestion;

/// <summary>Reads a file as text, or says why it is none.</summary>
internal static class TextFile
{
    // Looking at so much first spares reading a large binary file to its end.
    private const int FirstBlockBytes = 8192;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // UTF-32 before UTF-16: the mark of the one begins with the mark of the other.
    private static readonly Encoding[] Marked =
    [
        new UTF8Encoding(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true),
        new UTF32Encoding(bigEndian: false, byteOrderMark: true, throwOnInvalidCharacters: true),
        new UTF32Encoding(bigEndian: true, byteOrderMark: true, throwOnInvalidCharacters: true),
        new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true),
        new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true),
    ];

    /// <summary>Reads a file of at most <paramref name="maxBytes"/>.</summary>
    /// <returns>The text without byte order mark, or the reason why there is none, as a sentence.</returns>
    public static async Task<(string? Text, string? SkipReason)> ReadAsync(
        string path, long maxBytes, CancellationToken cancellationToken)
    {
        byte[]? buffer = null;
        try
        {
            // No size means a pipe or a device too; opening a pipe would wait for a writer.
            long size = new FileInfo(path).Length;
            if (size == 0)
                return (null, "It is empty, or no regular file.");
            if (size > maxBytes)
                return (null, TooLarge(size, maxBytes));

            await using FileStream file = new(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0,
                FileOptions.Asynchronous | FileOptions.SequentialScan);
            buffer = ArrayPool<byte>.Shared.Rent((int)size);
            int first = (int)Math.Min(size, FirstBlockBytes);
            int read = await file.ReadAtLeastAsync(buffer.AsMemory(0, first), first, throwOnEndOfStream: false, cancellationToken)
                .ConfigureAwait(false);
            if (IsBinary(buffer.AsSpan(0, read)))
                return (null, "It is a binary file: it holds NUL bytes.");
            read += await file.ReadAtLeastAsync(buffer.AsMemory(read, (int)size - read), (int)size - read, false, cancellationToken)
                .ConfigureAwait(false);
            return Decode(buffer.AsSpan(0, read));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"It cannot be read: {e.Message}");
        }
        finally
        {
            if (buffer is not null)
                ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static (string? Text, string? SkipReason) Decode(ReadOnlySpan<byte> bytes)
    {
        if (IsBinary(bytes))
            return (null, "It is a binary file: it holds NUL bytes.");
        Encoding? marked = MarkedEncoding(bytes);
        Encoding encoding = marked ?? Utf8;
        int markBytes = marked?.Preamble.Length ?? 0;
        try
        {
            string text = encoding.GetString(bytes[markBytes..]);
            return string.IsNullOrWhiteSpace(text) ? (null, "It holds nothing but white space.") : (text, null);
        }
        catch (DecoderFallbackException e)
        {
            string advice = marked is null ? "Save it as UTF-8, or as UTF-16 with a byte order mark." : "It may be damaged.";
            return (null, $"It is no valid {encoding.WebName.ToUpperInvariant()} text (byte {Math.Max(0, e.Index) + markBytes}). {advice}");
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

    private static string TooLarge(long size, long maxBytes) =>
        $"It has {Mebibytes(size)} MiB, over the limit of {Mebibytes(maxBytes)} MiB ({nameof(FileTreeOptions.MaxFileBytes)}). "
        + "Raise the limit or split the file.";

    private static string Mebibytes(long bytes) => (bytes / 1048576.0).ToString("0.###", System.Globalization.CultureInfo.InvariantCulture);
}
