using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using RedisInfer.KvBlocks;

namespace RedisInfer.Reuse;

/// <summary>
/// Brings the stored blocks of one request, off the loop's thread. The loop takes them as they come and restores them between steps, so
/// that later blocks are on their way while earlier ones are being restored and others decode.
/// </summary>
internal sealed class KvRestore : IDisposable
{
    // Blocks that may lie ready while a step is computed: with those being received, what the loader has buffers for.
    private const int Ready = 8;

    private readonly Channel<LoadedKvBlock> _blocks = Channel.CreateBounded<LoadedKvBlock>(
        new BoundedChannelOptions(Ready) { SingleWriter = true });

    private readonly CancellationTokenSource _stop = new();

    /// <summary>Starts at once.</summary>
    /// <param name="store">Where the blocks are.</param>
    /// <param name="chain">The prompt's blocks.</param>
    /// <param name="first">The first block wanted.</param>
    /// <param name="arrived">Called when there is a block, and at the end.</param>
    public KvRestore(IKvBlockStore store, KvChain chain, int first, Action arrived) =>
        _ = Task.Run(() => RunAsync(store, chain, first, arrived));

    /// <summary>Whether all that there is was taken.</summary>
    public bool Ended => _blocks.Reader.Completion.IsCompleted;

    /// <summary>Takes the next block, if it is there.</summary>
    public bool TryTake([NotNullWhen(true)] out LoadedKvBlock? block) => _blocks.Reader.TryRead(out block);

    /// <summary>Stops; what was not taken is given back.</summary>
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
            // Nobody wants them any more.
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
