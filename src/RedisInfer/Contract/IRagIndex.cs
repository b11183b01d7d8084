namespace RedisInfer;

/// <summary>
/// The indexed documents of one corpus. Members may be called from several threads and processes at once; a question asked
/// meanwhile sees a document as it was before or as it is after, never between.
/// </summary>
public interface IRagIndex
{
    /// <summary>Adds documents, or brings those already there up to date. An unchanged document is not written.</summary>
    /// <param name="documents">The documents; enumerated once, a batch at a time.</param>
    /// <param name="cancellationToken">Stops after the documents under way; what was reported stays indexed, and the next call goes on.</param>
    /// <returns>One entry per document, in order, when it stands in the index. Nothing happens until it is enumerated.</returns>
    /// <exception cref="Errors.RedisInferException">
    /// <see cref="Errors.RedisInferErrorCode.IndexMismatch"/> or <see cref="Errors.RedisInferErrorCode.StoreUnavailable"/>.
    /// </exception>
    IAsyncEnumerable<IndexedDocument> AddAsync(IAsyncEnumerable<RagDocument> documents, CancellationToken cancellationToken = default);

    /// <summary>Adds one document, or brings it up to date.</summary>
    /// <param name="document">The document.</param>
    /// <param name="cancellationToken">Cancels; the index stays as it was.</param>
    /// <returns>What was done.</returns>
    Task<IndexedDocument> AddAsync(RagDocument document, CancellationToken cancellationToken = default);

    /// <summary>
    /// Adds the readable text files below a folder. Files that cannot be indexed (binary, too large, unreadable) are reported as
    /// <see cref="IndexingStatus.Skipped"/> with the reason.
    /// </summary>
    /// <param name="directory">The folder; paths in the index are relative to it, with <c>/</c>.</param>
    /// <param name="options">Which files; <see langword="null"/> for the defaults.</param>
    /// <param name="progress">Reports after every file.</param>
    /// <param name="cancellationToken">Stops after the documents under way; what was reported stays indexed, and the next call goes on.</param>
    /// <returns>One entry per file, in path order.</returns>
    /// <exception cref="Errors.RedisInferException">
    /// <see cref="Errors.RedisInferErrorCode.DocumentNotReadable"/>: there is no such folder, or no readable document in it.
    /// </exception>
    IAsyncEnumerable<IndexedDocument> AddDirectoryAsync(
        string directory,
        FileTreeOptions? options = null,
        IProgress<IndexingProgress>? progress = null,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Makes the corpus equal to a folder: what <see cref="AddDirectoryAsync"/> does, and then every document that was not among the
    /// folder's is removed.
    /// </summary>
    /// <param name="directory">The folder; paths in the index are relative to it, with <c>/</c>.</param>
    /// <param name="options">Which files; <see langword="null"/> for the defaults.</param>
    /// <param name="progress">Reports after every file of the folder.</param>
    /// <param name="cancellationToken">Stops after the documents under way; the next call goes on where it was.</param>
    /// <returns>One entry per file, in path order, then one per document removed.</returns>
    /// <exception cref="Errors.RedisInferException">
    /// <see cref="Errors.RedisInferErrorCode.DocumentNotReadable"/>: there is no such folder, or no readable document in it; nothing
    /// is removed then.
    /// </exception>
    IAsyncEnumerable<IndexedDocument> SyncDirectoryAsync(
        string directory,
        FileTreeOptions? options = null,
        IProgress<IndexingProgress>? progress = null,
        CancellationToken cancellationToken = default);

    /// <summary>Removes a document.</summary>
    /// <param name="path">Its path, as it was added.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Whether it was there.</returns>
    Task<bool> RemoveAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>Finds the passages that an answer to a question would be generated from.</summary>
    /// <param name="request">The question, and how to look for passages; what it says of the answer is not used.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The passages, best first and numbered so, then their neighbours if those are asked for; all of one snapshot.</returns>
    /// <exception cref="Errors.RedisInferException">
    /// <see cref="Errors.RedisInferErrorCode.IndexMismatch"/> or <see cref="Errors.RedisInferErrorCode.StoreUnavailable"/>.
    /// </exception>
    Task<IReadOnlyList<RagPassage>> SearchAsync(RagRequest request, CancellationToken cancellationToken = default);

    /// <summary>Lists the documents, in no particular order.</summary>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The documents; one added or removed meanwhile may or may not be among them.</returns>
    IAsyncEnumerable<DocumentInfo> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>Counts what is indexed.</summary>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Documents, chunks and tokens.</returns>
    Task<IndexCount> CountAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Embeds the texts of this corpus anew, with the embedding that is set now, where it was made with another. Needs no documents: the texts
    /// are in the corpus. Until it is done, processes with the former embedding go on as before; then theirs is refused.
    /// </summary>
    /// <param name="progress">Reports after every document.</param>
    /// <param name="cancellationToken">Cancels; the corpus then stays as it was.</param>
    /// <returns>A task that ends when the corpus can be asked with the new embedding; at once where it can be already.</returns>
    /// <exception cref="Errors.RedisInferException">
    /// <see cref="Errors.RedisInferErrorCode.IndexMismatch"/>: its tokens were made with another model's vocabulary, so that it has to be indexed
    /// again; <see cref="Errors.RedisInferErrorCode.StoreUnavailable"/>.
    /// </exception>
    Task ReembedAsync(IProgress<IndexingProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>Removes everything of this corpus, also what was made with other settings.</summary>
    /// <param name="cancellationToken">Cancels; a part may be gone by then.</param>
    /// <returns>A task that ends when the corpus is empty.</returns>
    Task ClearAsync(CancellationToken cancellationToken = default);
}
