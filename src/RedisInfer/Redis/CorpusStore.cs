using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace RedisInfer.Redis;

/// <summary>
/// The documents of one corpus in a Redis-compatible server: manifest, chunks, vectors. Members may be called from several
/// threads and by several processes at once; a document is seen in one generation or another, never in a mix.
/// The connection is the caller's and stays open.
/// </summary>
internal sealed class CorpusStore
{
    private CorpusStore(ServerCapabilities capabilities) => Capabilities = capabilities;

    /// <summary>What the server can do.</summary>
    public ServerCapabilities Capabilities { get; }

    /// <summary>Probes the server and reads what the corpus was made with. Writes nothing.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="corpus">Name of the corpus: 1 to 64 of <c>A-Z a-z 0-9 . _ -</c>.</param>
    /// <param name="logger">Gets one line about the server.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>The store.</returns>
    public static Task<CorpusStore> OpenAsync(
        IConnectionMultiplexer connection, string corpus, ILogger logger, TimeProvider time, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Throws where the corpus was made with something else; an empty corpus agrees with everything.</summary>
    /// <param name="identity">What is asked for from now on.</param>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>A task.</returns>
    /// <exception cref="Errors.RedisInferException"><see cref="Errors.RedisInferErrorCode.IndexMismatch"/>.</exception>
    public Task CheckIdentityAsync(IndexIdentity identity, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Looks a document up.</summary>
    /// <param name="path">Its relative path.</param>
    /// <param name="cancellationToken">Observed before the round trip.</param>
    /// <returns>Its entry, or <see langword="null"/> where it is not indexed.</returns>
    public Task<ManifestEntry?> FindAsync(string path, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Looks several documents up in one round trip per 512 of them.</summary>
    /// <param name="paths">Their relative paths.</param>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>One entry per path, in order; <see langword="null"/> where it is not indexed.</returns>
    public Task<ManifestEntry?[]> FindManyAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>
    /// Writes a document as a new generation, makes it the current one at once, and retires the one before. Of two writers
    /// of a document the last to finish wins, and nothing of the other is left.
    /// </summary>
    /// <param name="identity">What tokens and vectors were made with.</param>
    /// <param name="path">Relative path of the document.</param>
    /// <param name="contentHash">32 hexadecimal digits that decide whether it has changed.</param>
    /// <param name="byteCount">Size of the document, in bytes.</param>
    /// <param name="chunks">Its chunks, indexes from 0 without gaps; may be empty.</param>
    /// <param name="cancellationToken">Observed between round trips; a cancelled write leaves the former generation.</param>
    /// <returns>The new entry.</returns>
    public Task<ManifestEntry> WriteAsync(
        IndexIdentity identity,
        string path,
        string contentHash,
        long byteCount,
        IReadOnlyList<ChunkWrite> chunks,
        CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Removes a document.</summary>
    /// <param name="path">Its relative path.</param>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>Whether it was there.</returns>
    public Task<bool> RemoveAsync(string path, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Lists the documents in no particular order. Those written while it runs may be missed or come twice.</summary>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>The entries.</returns>
    public IAsyncEnumerable<ManifestEntry> ListAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Counts what is indexed.</summary>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>Documents, chunks, tokens.</returns>
    public Task<(long Documents, long Chunks, long Tokens)> CountAsync(CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Empties the corpus at once, so that it can be made anew with another embedding.</summary>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>A task.</returns>
    public Task ClearAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Removes what writers that died have left. To be called before an indexing run.</summary>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>Generations removed.</returns>
    public Task<int> CleanUpAbandonedAsync(CancellationToken cancellationToken) => throw new NotImplementedException();
}
