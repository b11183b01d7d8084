using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using RedisInfer.KvBlocks;
using RedisInfer.Threads;

namespace RedisInfer.Reuse;

/// <summary>
/// Loads the stored blocks of one request outside the decode thread. The decode loop takes the blocks as they arrive, and restores them
/// between steps. So later blocks are in flight while earlier ones are restored and other sequences decode.
/// </summary>
internal sealed class KvRestore : IDisposable
{
    // Most blocks that are ready while a step is computed. Along with those being received, the loader has buffers for no more.
    private const int Ready = 8;

    private readonly Channel<LoadedKvBlock> _blocks = Channel.CreateBounded<LoadedKvBlock>(
        new BoundedChannelOptions(Ready) { SingleWriter = true });

    private readonly CancellationTokenSource _stop = new();

    /// <summary>Starts to load the blocks.</summary>
    /// <param name="store">The store of the blocks.</param>
    /// <param name="chain">The prompt's blocks.</param>
    /// <param name="first">Index of the first block to load.</param>
    /// <param name="arrived">Called when a block has arrived, and at the end.</param>
    public KvRestore(IKvBlockStore store, KvChain chain, int first, Action arrived) =>
        OwnThreads.Post(_ => _ = RunAsync(store, chain, first, arrived), null);

    /// <summary>Whether all blocks were taken and no more will arrive.</summary>
    public bool Ended => _blocks.Reader.Completion.IsCompleted;

    /// <summary>Takes the next block, if it has arrived.</summary>
    public bool TryTake([NotNullWhen(true)] out LoadedKvBlock? block) => _blocks.Reader.TryRead(out block);

    /// <summary>Stops loading, and disposes of the blocks that were not taken.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        GiveBack();
    }

    private async Task RunAsync(IKvBlockStore store, KvChain chain, int first, Action arrived)
    {
        try
        {
            int count = await store.CountStoredAsync(chain, first, _stop.Token).ConfigureAwait(false);
            await foreach (LoadedKvBlock block in store.LoadAsync(chain, first, count, _stop.Token).ConfigureAwait(false))
            {
                try
                {
                    await _blocks.Writer.WriteAsync(block, _stop.Token).ConfigureAwait(false);
                }
                catch
                {
                    block.Dispose();
                    throw;
                }

                arrived();
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The blocks are not needed any more.
        }
        finally
        {
            _blocks.Writer.Complete();
            if (_stop.IsCancellationRequested)
            {
                GiveBack();
            }

            arrived();
        }
    }

    private void GiveBack()
    {
        while (_blocks.Reader.TryRead(out LoadedKvBlock? block))
        {
            block.Dispose();
        }
    }
}
