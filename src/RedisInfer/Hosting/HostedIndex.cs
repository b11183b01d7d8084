using RedisInfer.Threads;

namespace RedisInfer.Hosting;

/// <summary>What the host sees of an index.</summary>
internal sealed class HostedIndex(IRagIndex index) : IRagIndex
{
    public IAsyncEnumerable<IndexedDocument> AddAsync(
        IAsyncEnumerable<RagDocument> documents, CancellationToken cancellationToken = default) =>
        index.AddAsync(documents, cancellationToken).ForHost();

    public Task<IndexedDocument> AddAsync(RagDocument document, CancellationToken cancellationToken = default) =>
        index.AddAsync(document, cancellationToken).ForHost();

    public IAsyncEnumerable<IndexedDocument> AddDirectoryAsync(
        string directory,
        FileTreeOptions? options = null,
        IProgress<IndexingProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        index.AddDirectoryAsync(directory, options, progress, cancellationToken).ForHost();

    public IAsyncEnumerable<IndexedDocument> AddDirectoryAsync(
        string directory,
        string prefix,
        FileTreeOptions? options = null,
        IProgress<IndexingProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        index.AddDirectoryAsync(directory, prefix, options, progress, cancellationToken).ForHost();

    public IAsyncEnumerable<IndexedDocument> SyncDirectoryAsync(
        string directory,
        FileTreeOptions? options = null,
        IProgress<IndexingProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        index.SyncDirectoryAsync(directory, options, progress, cancellationToken).ForHost();

    public IAsyncEnumerable<IndexedDocument> SyncDirectoryAsync(
        string directory,
        string prefix,
        FileTreeOptions? options = null,
        IProgress<IndexingProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        index.SyncDirectoryAsync(directory, prefix, options, progress, cancellationToken).ForHost();

    public IAsyncEnumerable<ScannedFile> ScanDirectoryAsync(
        string directory, FileTreeOptions? options = null, CancellationToken cancellationToken = default) =>
        index.ScanDirectoryAsync(directory, options, cancellationToken).ForHost();

    public Task<bool> RemoveAsync(string path, CancellationToken cancellationToken = default) =>
        index.RemoveAsync(path, cancellationToken).ForHost();

    public Task<IReadOnlyList<RagPassage>> SearchAsync(RagRequest request, CancellationToken cancellationToken = default) =>
        index.SearchAsync(request, cancellationToken).ForHost();

    public IAsyncEnumerable<DocumentInfo> ListAsync(CancellationToken cancellationToken = default) =>
        index.ListAsync(cancellationToken).ForHost();

    public Task<IndexCount> CountAsync(CancellationToken cancellationToken = default) => index.CountAsync(cancellationToken).ForHost();

    public Task RechunkAsync(IProgress<IndexingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        index.RechunkAsync(progress, cancellationToken).ForHost();

    public Task ReembedAsync(IProgress<IndexingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        index.ReembedAsync(progress, cancellationToken).ForHost();

    public Task ClearAsync(CancellationToken cancellationToken = default) => index.ClearAsync(cancellationToken).ForHost();
}
