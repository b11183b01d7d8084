using System.Globalization;

namespace RedisInfer.Folders;

/// <summary>Opens files and reads each with the first reader that supports it. Plain text comes last.</summary>
/// <param name="readers">Readers of the host.</param>
/// <param name="limits">What a document may cost.</param>
/// <param name="time">The clock.</param>
internal sealed class DocumentFileReader(IReadOnlyList<IDocumentReader> readers, DocumentLimits limits, TimeProvider time)
{
    private readonly IDocumentReader[] _readers = [.. readers, new PlainTextReader()];

    /// <summary>Reads a file of at most <paramref name="maxBytes"/>.</summary>
    /// <param name="fullPath">Full path to open.</param>
    /// <param name="path">Its path in the corpus.</param>
    /// <param name="maxBytes">Largest size, in bytes.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The content, or the reason why the file is skipped. Its media type is set.</returns>
    public async ValueTask<DocumentContent> ReadAsync(string fullPath, string path, long maxBytes, CancellationToken cancellationToken)
    {
        try
        {
            // Pipes and devices have no size. Opening a pipe would wait for a writer.
            long size = new FileInfo(fullPath).Length;
            if (size == 0)
                return DocumentContent.Skipped("It is empty, or not a regular file.");
            if (size > maxBytes)
                return DocumentContent.Unreadable(TooLarge(size, maxBytes));

            var file = new FileStream(
                fullPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0,
                FileOptions.Asynchronous | FileOptions.SequentialScan);
            return await ReadAsync(file, path, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return DocumentContent.Unreadable($"It cannot be read: {e.Message}");
        }
    }

    /// <summary>Reads an open file with its reader, and closes it as soon as the reader has ended.</summary>
    private async ValueTask<DocumentContent> ReadAsync(FileStream file, string path, CancellationToken cancellationToken)
    {
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<DocumentContent> reading = RunAsync(file, path, leave.Token);
        Task timeOver = Task.Delay(limits.MaxTime, time, leave.Token);
        bool ended = await Task.WhenAny(reading, timeOver).ConfigureAwait(false) == reading;
        await leave.CancelAsync().ConfigureAwait(false);
        if (ended)
            return await reading.ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        string seconds = limits.MaxTime.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
        return DocumentContent.Unreadable(
            $"Reading it took longer than {seconds} s ({nameof(DocumentLimits)}.{nameof(DocumentLimits.MaxTime)}). "
            + "Raise the limit or split the file.");
    }

    private async Task<DocumentContent> RunAsync(FileStream file, string path, CancellationToken cancellationToken)
    {
        // A reader may compute for long before its first await, or for ever.
        await Task.Yield();
        await using (file.ConfigureAwait(false))
        {
            try
            {
                string mediaType = MediaTypes.Of(path, file);
                IDocumentReader reader = Array.Find(_readers, reader => reader.CanRead(path, mediaType))!;
                DocumentContent content = await reader.ReadAsync(new DocumentSource(file, path, mediaType, limits), cancellationToken)
                    .ConfigureAwait(false);
                return FindProblem(reader, content) is { } problem
                    ? DocumentContent.Unreadable(problem)
                    : content with { MediaType = content.MediaType ?? mediaType };
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is not (IOException or UnauthorizedAccessException))
            {
                return DocumentContent.Unreadable($"It cannot be read: {e.GetType().Name}: {e.Message}");
            }
        }
    }

    private string? FindProblem(IDocumentReader reader, DocumentContent? content) => content switch
    {
        null => $"Its reader {reader.GetType().Name} has returned null.",
        { Text: null } => null,
        { Blocks: null } => $"Its reader {reader.GetType().Name} has returned null as blocks.",
        { Text.Length: var length } when length > limits.MaxTextBytes =>
            $"Its text has {length} characters, over the limit of {limits.MaxTextBytes} bytes "
            + $"({nameof(DocumentLimits)}.{nameof(DocumentLimits.MaxTextBytes)}). Raise the limit or split the file.",
        _ when DocumentBlock.FindProblem(content.Text, content.Blocks) is { } problem =>
            $"Its reader {reader.GetType().Name} has returned wrong blocks. {problem}",
        _ => null,
    };

    private static string TooLarge(long size, long maxBytes) =>
        $"It has {Mebibytes(size)} MiB, over the limit of {Mebibytes(maxBytes)} MiB ({nameof(FileTreeOptions.MaxFileBytes)}). "
        + "Raise the limit or split the file.";

    private static string Mebibytes(long bytes) => (bytes / 1048576.0).ToString("0.###", CultureInfo.InvariantCulture);
}
