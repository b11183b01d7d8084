using System.Buffers;
using System.Net.Mime;

namespace RedisInfer.Folders;

/// <summary>Reads any text as it is. Skips binary files, regardless of their names.</summary>
internal sealed class PlainTextReader : IDocumentReader
{
    // A large binary file is recognized by its first bytes, without reading the rest.
    private const int FirstBlockBytes = 8192;

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
            if (MediaTypes.OfHead(buffer.AsSpan(0, read)) is not null || !TextDecoder.CanBeText(buffer.AsSpan(0, read)))
                return Binary(source.MediaType);
            read += await stream.ReadAtLeastAsync(buffer.AsMemory(read, size - read), size - read, throwOnEndOfStream: false, cancellationToken)
                .ConfigureAwait(false);
            return Decode(buffer.AsSpan(0, read), source.MediaType);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static DocumentContent Decode(ReadOnlySpan<byte> bytes, string mediaType) => TextDecoder.Decode(bytes) switch
    {
        null => Binary(mediaType),
        { Text: var text } when text.All(IsNothing) => DocumentContent.Skipped("It contains only white space or damaged characters."),
        { Text: var text, Encoding: var encoding } => DocumentContent.Of(text) with
        {
            Encoding = encoding.WebName,
            MediaType = mediaType == MediaTypes.Unknown || !MediaTypes.IsText(mediaType) ? MediaTypeNames.Text.Plain : null,
        },
    };

    private static bool IsNothing(char letter) => char.IsWhiteSpace(letter) || letter == '\uFFFD';

    private static DocumentContent Binary(string mediaType) => DocumentContent.Unreadable(
        MediaTypes.IsText(mediaType) ? "It is a binary file, not text." : $"It is a binary file, and there is no reader for {mediaType}.");
}
