namespace RedisInfer.Documents;

/// <summary>Reads documents of one format within limits.</summary>
internal sealed class DocumentReader(IDocumentFormat format) : IDocumentReader
{
    /// <inheritdoc/>
    public bool CanRead(string path, string mediaType) => format.MediaTypes.Contains(mediaType, StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public async ValueTask<DocumentContent> ReadAsync(DocumentSource source, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        byte[] bytes = new byte[source.Stream.Length];
        int length = await source.Stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken)
            .ConfigureAwait(false);
        try
        {
            return await ReadingThread.RunAsync(token => Read(bytes.AsMemory(0, length), source, token), cancellationToken)
                .ConfigureAwait(false);
        }
        catch (SkippedDocumentException e)
        {
            return DocumentContent.Unreadable(e.Message);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Parsers meet damage with all kinds of exceptions.
            return DocumentContent.Unreadable($"It cannot be read as {source.MediaType}. It may be damaged: {OneLine.Of(e.Message)}");
        }
    }

    private DocumentContent Read(ReadOnlyMemory<byte> document, DocumentSource source, CancellationToken token)
    {
        var budget = new ReadingBudget(source.Limits, token);
        var output = new StructuredText(budget);
        format.Read(document, output, budget);
        if (output.Blocks.Count == 0)
            return DocumentContent.Skipped("It has no text, only empty parts or pictures.");
        return DocumentContent.Of(output.Text) with { Blocks = output.Blocks, Title = output.Title, Encoding = output.Encoding };
    }
}
