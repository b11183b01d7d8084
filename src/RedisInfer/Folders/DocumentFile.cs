using System.Globalization;

namespace RedisInfer.Folders;

/// <summary>Opens a file and reads it with the first reader that supports its media type.</summary>
internal static class DocumentFile
{
    // The first reader that supports a media type is used.
    private static readonly IDocumentReader[] Readers = [new PlainTextReader()];

    /// <summary>Reads a file of at most <paramref name="maxBytes"/>.</summary>
    /// <param name="fullPath">Full path to open.</param>
    /// <param name="path">Its path in the corpus.</param>
    /// <param name="maxBytes">Largest size, in bytes.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The content, or the reason why the file is skipped.</returns>
    public static async ValueTask<DocumentContent> ReadAsync(string fullPath, string path, long maxBytes, CancellationToken cancellationToken)
    {
        try
        {
            // Pipes and devices have no size. Opening a pipe would wait for a writer.
            long size = new FileInfo(fullPath).Length;
            if (size == 0)
                return DocumentContent.Skipped("It is empty, or not a regular file.");
            if (size > maxBytes)
                return DocumentContent.Unreadable(TooLarge(size, maxBytes));

            await using FileStream file = new(
                fullPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0,
                FileOptions.Asynchronous | FileOptions.SequentialScan);
            string mediaType = MediaTypes.Of(path);
            IDocumentReader? reader = Array.Find(Readers, reader => reader.CanRead(mediaType));
            return reader is null
                ? DocumentContent.Unreadable($"There is no reader for {mediaType}.")
                : await reader.ReadAsync(file, path, mediaType, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return DocumentContent.Unreadable($"It cannot be read: {e.Message}");
        }
    }

    private static string TooLarge(long size, long maxBytes) =>
        $"It has {Mebibytes(size)} MiB, over the limit of {Mebibytes(maxBytes)} MiB ({nameof(FileTreeOptions.MaxFileBytes)}). "
        + "Raise the limit or split the file.";

    private static string Mebibytes(long bytes) => (bytes / 1048576.0).ToString("0.###", CultureInfo.InvariantCulture);
}
