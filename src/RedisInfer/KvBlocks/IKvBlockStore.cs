namespace RedisInfer.KvBlocks;

/// <summary>
/// Keeps KV blocks outside the context. Stored blocks only save time: a block that is missing, damaged or out of reach is a miss, never an
/// error. Members may be called from several threads at once.
/// </summary>
internal interface IKvBlockStore : IAsyncDisposable
{
    /// <summary>
    /// How long <see cref="TryRent"/> gives no buffer, because the store has just refused a block. Zero: it takes blocks, and a buffer may
    /// become free at any time.
    /// </summary>
    TimeSpan Pause { get; }

    /// <summary>
    /// Connects and warms up the path of the first block: allocates buffers, runs the cipher once, and reads a few recent blocks. JIT
    /// compilation is then over before the first question. If the store is out of reach, does what it can.
    /// </summary>
    /// <param name="identity">The identity of the blocks that will be asked for.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>A task.</returns>
    Task WarmUpAsync(KvIdentity identity, CancellationToken cancellationToken);

    /// <summary>Counts the blocks that are stored.</summary>
    /// <param name="chain">The prompt's blocks.</param>
    /// <param name="first">Index of the first block to look for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// The number of stored blocks from <paramref name="first"/> on without a gap. They may be evicted before they are loaded.
    /// </returns>
    Task<int> CountStoredAsync(KvChain chain, int first, CancellationToken cancellationToken);

    /// <summary>
    /// Loads blocks in order, up to the first that is missing or not to be trusted. Some are received ahead of the one that is asked for,
    /// so enumerate only blocks that are about to be restored. Leaving the enumeration drops the rest.
    /// </summary>
    /// <param name="chain">The prompt's blocks.</param>
    /// <param name="first">Index of the first block.</param>
    /// <param name="count">Most blocks to load.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The blocks; the caller disposes of each once it is restored.</returns>
    IAsyncEnumerable<LoadedKvBlock> LoadAsync(KvChain chain, int first, int count, CancellationToken cancellationToken);

    /// <summary>Gives a buffer to save a state into; never waits.</summary>
    /// <returns>
    /// The buffer; <see langword="null"/> if all are in use, or during a <see cref="Pause"/>: try again later, or do without.
    /// </returns>
    KvBuffer? TryRent();

    /// <summary>Stores a block in the background; never waits.</summary>
    /// <param name="chain">The prompt's blocks.</param>
    /// <param name="index">Index of the block.</param>
    /// <param name="buffer">Holds its state, from the first byte of <see cref="KvBuffer.State"/>. The store owns it from now on.</param>
    /// <param name="stateBytes">Length of the state.</param>
    void Save(KvChain chain, int index, KvBuffer buffer, int stateBytes);
}
