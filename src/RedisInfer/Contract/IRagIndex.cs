namespace RedisInfer;

/// <summary>
/// The documents of one corpus. Thread-safe; several processes may use the same corpus at once. A question sees each document either as it
/// was before a concurrent write or as it is after it, never a mixture.
/// </summary>
public interface IRagIndex
{
    /// <summary>Adds documents, or replaces documents that have changed. Does not write unchanged documents.</summary>
    /// <param name="documents">The documents; enumerated once, in batches.</param>
    /// <param name="cancellationToken">
    /// Stops after the documents in flight. Reported documents stay indexed; call again to continue.
    /// </param>
    /// <returns>
    /// One entry per document, in order, as soon as it is in the index. Indexing starts with the enumeration.
    /// <list type="bullet">
    /// <item>A document without a path or text, or with more than 131,072 chunks, is <see cref="IndexingStatus.Skipped"/>.</item>
    /// <item>A document that cannot be embedded or stored, while others can, is <see cref="IndexingStatus.Failed"/>.</item>
    /// </list>
    /// </returns>
    /// <exception cref="Errors.RedisInferException">
    /// <see cref="Errors.RedisInferErrorCode.IndexMismatch"/> or <see cref="Errors.RedisInferErrorCode.OverBudget"/>. Or
    /// <see cref="Errors.RedisInferErrorCode.StoreUnavailable"/>, after several retries and some 30 seconds; each is logged. Or
    /// <see cref="Errors.RedisInferErrorCode.EmbeddingUnavailable"/>, after as many: the embedding generator fails even for a short text.
    /// </exception>
    IAsyncEnumerable<IndexedDocument> AddAsync(IAsyncEnumerable<RagDocument> documents, CancellationToken cancellationToken = default);

    /// <summary>Adds a document, or replaces it if it has changed.</summary>
    /// <param name="document">The document.</param>
    /// <param name="cancellationToken">Cancels; the index stays unchanged.</param>
    /// <returns>What was done with the document.</returns>
    /// <exception cref="ArgumentException">
    /// The document has no path or text, its path is too long or not valid Unicode. Or a tag or metadata value is null or too
    /// long, or there are too many.
    /// </exception>
    /// <exception cref="Errors.RedisInferException">
    /// <see cref="Errors.RedisInferErrorCode.DocumentNotReadable"/>: it has more than 131,072 chunks, or fewer if vectors are long. Or as
    /// for the other overload, without retries.
    /// </exception>
    Task<IndexedDocument> AddAsync(RagDocument document, CancellationToken cancellationToken = default);

    /// <summary>
    /// Adds the documents of a folder and of its subfolders. A file that cannot be indexed (binary, too large, unreadable) is reported as
    /// <see cref="IndexingStatus.Skipped"/> with the reason. Errors with one document, and of the store, are as for
    /// <see cref="AddAsync(IAsyncEnumerable{RagDocument}, CancellationToken)"/>.
    /// </summary>
    /// <param name="directory">The folder. Document paths are relative to it, with <c>/</c> as separator.</param>
    /// <param name="options">Which files to read; <see langword="null"/> for the defaults.</param>
    /// <param name="progress">
    /// Receives the progress after every file, and before every wait for the store or the embedding service
    /// (<see cref="IndexingProgress.Retry"/>). Called by one thread at a time. <see langword="null"/>: no reports.
    /// </param>
    /// <param name="cancellationToken">
    /// Stops after the documents in flight. Reported documents stay indexed; call again to continue.
    /// </param>
    /// <returns>
    /// One entry per file, in path order. Indexing starts with the enumeration. If a document replaces one that another folder gave, its
    /// <see cref="IndexedDocument.Warning"/> says so, and it is logged.
    /// </returns>
    /// <exception cref="Errors.RedisInferException">
    /// <see cref="Errors.RedisInferErrorCode.DocumentNotReadable"/>: the folder does not exist, or no document in it is readable.
    /// </exception>
    IAsyncEnumerable<IndexedDocument> AddDirectoryAsync(
        string directory,
        FileTreeOptions? options = null,
        IProgress<IndexingProgress>? progress = null,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Adds the documents of a folder under a prefix, so that several folders can be in one corpus. Otherwise as the overload without one.
    /// </summary>
    /// <param name="directory">The folder.</param>
    /// <param name="prefix">
    /// Where the folder is in the corpus, such as <c>repositories/a</c>. Document paths are this prefix, <c>/</c>, and the path relative to
    /// the folder.
    /// </param>
    /// <param name="options">Which files to read; <see langword="null"/> for the defaults.</param>
    /// <param name="progress">Receives the progress after every file; <see langword="null"/>: no reports.</param>
    /// <param name="cancellationToken">
    /// Stops after the documents in flight. Reported documents stay indexed; call again to continue.
    /// </param>
    /// <returns>One entry per file, in path order. Indexing starts with the enumeration.</returns>
    /// <exception cref="ArgumentException">The prefix is not a relative path of names separated by <c>/</c>.</exception>
    /// <exception cref="Errors.RedisInferException">
    /// <see cref="Errors.RedisInferErrorCode.DocumentNotReadable"/>: the folder does not exist, or no document in it is readable.
    /// </exception>
    IAsyncEnumerable<IndexedDocument> AddDirectoryAsync(
        string directory,
        string prefix,
        FileTreeOptions? options = null,
        IProgress<IndexingProgress>? progress = null,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Makes the corpus equal to a folder: adds its documents, as <c>AddDirectoryAsync</c> does, and then removes every other document of
    /// the corpus.
    /// <list type="bullet">
    /// <item>A document stays if its file is there but cannot be read now: it cannot be opened, is too large, or is not valid text. So do
    /// all documents below a folder that cannot be listed.</item>
    /// <item>A document is removed if its file is empty, or if the options or rules leave the file out now.</item>
    /// </list>
    /// </summary>
    /// <param name="directory">The folder. Document paths are relative to it, with <c>/</c> as separator.</param>
    /// <param name="options">Which files to read; <see langword="null"/> for the defaults.</param>
    /// <param name="progress">
    /// Receives the progress after every file of the folder, and before every wait for the store or the embedding service
    /// (<see cref="IndexingProgress.Retry"/>). Called by one thread at a time. <see langword="null"/>: no reports.
    /// </param>
    /// <param name="cancellationToken">Stops after the documents in flight; call again to continue.</param>
    /// <returns>One entry per file, in path order; then one per removed document. Indexing starts with the enumeration.</returns>
    /// <exception cref="Errors.RedisInferException">
    /// <see cref="Errors.RedisInferErrorCode.DocumentNotReadable"/>: the folder does not exist, or no document in it is readable. Nothing
    /// is removed then.
    /// </exception>
    IAsyncEnumerable<IndexedDocument> SyncDirectoryAsync(
        string directory,
        FileTreeOptions? options = null,
        IProgress<IndexingProgress>? progress = null,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Makes what the corpus has under a prefix equal to a folder. Documents outside the prefix stay. Otherwise as the overload without a
    /// prefix.
    /// </summary>
    /// <param name="directory">The folder.</param>
    /// <param name="prefix">Where the folder is in the corpus, such as <c>repositories/a</c>.</param>
    /// <param name="options">Which files to read; <see langword="null"/> for the defaults.</param>
    /// <param name="progress">Receives the progress after every file of the folder; <see langword="null"/>: no reports.</param>
    /// <param name="cancellationToken">Stops after the documents in flight; call again to continue.</param>
    /// <returns>One entry per file, in path order; then one per removed document. Indexing starts with the enumeration.</returns>
    /// <exception cref="ArgumentException">The prefix is not a relative path of names separated by <c>/</c>.</exception>
    /// <exception cref="Errors.RedisInferException">
    /// <see cref="Errors.RedisInferErrorCode.DocumentNotReadable"/>: the folder does not exist, or no document in it is readable. Nothing
    /// is removed then.
    /// </exception>
    IAsyncEnumerable<IndexedDocument> SyncDirectoryAsync(
        string directory,
        string prefix,
        FileTreeOptions? options = null,
        IProgress<IndexingProgress>? progress = null,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Lists what <c>AddDirectoryAsync</c> would index, and what not, with the reasons. Reads the files, but needs neither a model nor a
    /// server, and changes nothing. A document with too many chunks is only found by indexing.
    /// </summary>
    /// <param name="directory">The folder.</param>
    /// <param name="options">Which files to read; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>One entry per file, and per folder that is not read, in path order; possibly none.</returns>
    /// <exception cref="Errors.RedisInferException">
    /// <see cref="Errors.RedisInferErrorCode.DocumentNotReadable"/>: the folder does not exist.
    /// </exception>
    IAsyncEnumerable<ScannedFile> ScanDirectoryAsync(
        string directory, FileTreeOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Removes a document.</summary>
    /// <param name="path">Path of the document, as it was added.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns><see langword="true"/> if the document was indexed.</returns>
    Task<bool> RemoveAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>Retrieves the passages for a question, without generating an answer.</summary>
    /// <param name="request">The question and its retrieval settings. Settings for generation are ignored.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>
    /// The passages, best first, then their neighbors if the request asks for them; numbered from 1 in this order. All belong to one
    /// snapshot.
    /// </returns>
    /// <exception cref="ArgumentException">The question is empty, or a retrieval setting or the filter is invalid.</exception>
    /// <exception cref="Errors.RedisInferException">
    /// <see cref="Errors.RedisInferErrorCode.ContextTooLong"/>, <see cref="Errors.RedisInferErrorCode.IndexMismatch"/> or
    /// <see cref="Errors.RedisInferErrorCode.StoreUnavailable"/>.
    /// </exception>
    Task<IReadOnlyList<RagPassage>> SearchAsync(RagRequest request, CancellationToken cancellationToken = default);

    /// <summary>Lists the documents, in no defined order.</summary>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The documents. A document that is added or removed during the call may or may not be among them.</returns>
    IAsyncEnumerable<DocumentInfo> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>Counts documents, chunks and tokens.</summary>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The numbers of documents, chunks and tokens.</returns>
    Task<IndexCount> CountAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Embeds all chunks again with the current embedding, if the corpus was indexed with another one. Needs no documents: the chunk texts
    /// are in the corpus. Until the call ends, processes with the previous embedding keep working; after that, they are refused.
    /// </summary>
    /// <param name="progress">
    /// Receives the progress after every document, and before every wait for the store or the embedding service
    /// (<see cref="IndexingProgress.Retry"/>). Called by one thread at a time. <see langword="null"/>: no reports.
    /// </param>
    /// <param name="cancellationToken">Cancels; the corpus stays unchanged.</param>
    /// <returns>A task that ends when the corpus is searchable with the current embedding; at once if it already is.</returns>
    /// <exception cref="Errors.RedisInferException">
    /// <see cref="Errors.RedisInferErrorCode.IndexMismatch"/>: the tokens were made with another model's vocabulary; index the documents
    /// again. Or <see cref="Errors.RedisInferErrorCode.StoreUnavailable"/> or
    /// <see cref="Errors.RedisInferErrorCode.EmbeddingUnavailable"/>, after retries as for indexing. The corpus stays unchanged then, and the
    /// next call starts over.
    /// </exception>
    Task ReembedAsync(IProgress<IndexingProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Cuts the stored texts of a corpus again, if it was made with another chunker or with another version of it, and embeds the new chunks.
    /// Neither the documents nor a folder are needed. Paths, tags, metadata and prefixes stay as they are. What only a document's file says,
    /// such as the headings of a PDF, comes with its next indexing. Until the call ends, the corpus is refused as before. Let no process of
    /// an earlier release use it meanwhile.
    /// </summary>
    /// <param name="progress">As for <see cref="ReembedAsync"/>.</param>
    /// <param name="cancellationToken">Cancels between documents. Nothing is lost, and the next call continues.</param>
    /// <returns>A task that ends when the corpus can be used with the current chunker; at once if it already can.</returns>
    /// <exception cref="Errors.RedisInferException">
    /// <see cref="Errors.RedisInferErrorCode.IndexMismatch"/>: it was made with another embedding, call <see cref="ReembedAsync"/> first; or
    /// with another model's vocabulary, index the documents again. Or <see cref="Errors.RedisInferErrorCode.StoreUnavailable"/> or
    /// <see cref="Errors.RedisInferErrorCode.EmbeddingUnavailable"/>, after retries as for indexing. The next call continues then.
    /// </exception>
    Task RechunkAsync(IProgress<IndexingProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>Removes everything of this corpus, including data that was written with other settings.</summary>
    /// <param name="cancellationToken">Cancels; a part may be removed by then.</param>
    /// <returns>A task that ends when the corpus is empty.</returns>
    Task ClearAsync(CancellationToken cancellationToken = default);
}
