using System.Runtime.CompilerServices;

namespace RedisInfer.KvBlocks;

/// <summary>
/// The stores of KV blocks outside of this process's memory, nearest first. A block is looked for in each store in turn. Thread-safe.
/// </summary>
/// <param name="stores">The stores; may be empty. Owned from now on.</param>
internal sealed class KvTiers(IReadOnlyList<IKvBlockStore> stores) : IAsyncDisposable
{
    /// <summary>The stores, nearest first.</summary>
    public IReadOnlyList<IKvBlockStore> Stores => stores;

    /// <summary>Warms up all stores.</summary>
    public Task WarmUpAsync(KvIdentity identity, CancellationToken cancellationToken) =>
        Task.WhenAll(stores.Select(store => store.WarmUpAsync(identity, cancellationToken)));

    /// <summary>Counts the blocks that some store has.</summary>
    /// <param name="chain">The prompt's blocks.</param>
    /// <param name="first">Index of the first block to look for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The number of stored blocks from <paramref name="first"/> on without a gap.</returns>
    public async Task<int> CountStoredAsync(KvChain chain, int first, CancellationToken cancellationToken)
    {
        int next = first;
        for (int before = -1; before != next;)
        {
            before = next;
            foreach (IKvBlockStore store in stores)
            {
                next += await store.CountStoredAsync(chain, next, cancellationToken).ConfigureAwait(false);
            }
        }

        return next - first;
    }

    /// <summary>Loads blocks in order, each from the nearest store that has it, up to the first that no store has.</summary>
    /// <param name="chain">The prompt's blocks.</param>
    /// <param name="first">Index of the first block.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>
    /// The blocks, each with the index of its store in <see cref="Stores"/>. The caller disposes of each once it is restored.
    /// </returns>
    public async IAsyncEnumerable<(LoadedKvBlock Block, int Store)> LoadAsync(
        KvChain chain, int first, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int next = first;
        for (int before = -1; before != next;)
        {
            before = next;
            for (int i = 0; i < stores.Count; i++)
            {
                int count = await stores[i].CountStoredAsync(chain, next, cancellationToken).ConfigureAwait(false);
                await foreach (LoadedKvBlock block in stores[i].LoadAsync(chain, next, count, cancellationToken).ConfigureAwait(false))
                {
                    next++;
                    yield return (block, i);
                }
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IKvBlockStore store in stores)
        {
            await store.DisposeAsync().ConfigureAwait(false);
        }
    }
}
