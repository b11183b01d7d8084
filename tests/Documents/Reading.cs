using RedisInfer.Documents;

namespace RedisInfer.Tests.Documents;

/// <summary>Reads documents as the index does, and shows their blocks as lines.</summary>
internal static class Reading
{
    /// <summary>Reads a file by its name and content.</summary>
    public static async Task<DocumentContent> ReadAsync(string name, byte[] bytes, DocumentLimits? limits = null)
    {
        limits ??= new DocumentLimits();
        using var stream = new MemoryStream(bytes, writable: false);
        string mediaType = MediaTypes.Of(name, stream);
        using var time = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        time.CancelAfter(limits.MaxTime);
        IDocumentReader reader = DocumentReaders.All.First(reader => reader.CanRead(name, mediaType));
        return await reader.ReadAsync(new DocumentSource(stream, name, mediaType, limits), time.Token);
    }

    /// <summary>Reads a file, and returns each block as <c>Kind: text</c>; of a heading with its level.</summary>
    public static async Task<string[]> BlocksAsync(string name, byte[] bytes)
    {
        DocumentContent content = await ReadAsync(name, bytes);
        Assert.Null(content.SkipReason);
        return [.. content.Blocks.Select(block =>
            $"{block.Kind}{(block.Kind == DocumentBlockKind.Heading ? block.Level : "")}: {content.Text!.Substring(block.Start, block.Length)}")];
    }

    /// <summary>Reads a file, and returns each block's page and text.</summary>
    public static async Task<string[]> PagesAsync(string name, byte[] bytes)
    {
        DocumentContent content = await ReadAsync(name, bytes);
        Assert.Null(content.SkipReason);
        return [.. content.Blocks.Select(block => $"{block.Page}: {content.Text!.Substring(block.Start, block.Length)}")];
    }

    /// <summary>Reads a file that is skipped, and returns the reason.</summary>
    public static async Task<string> ReasonAsync(string name, byte[] bytes, DocumentLimits? limits = null)
    {
        DocumentContent content = await ReadAsync(name, bytes, limits);
        Assert.Null(content.Text);
        return content.SkipReason!;
    }
}
