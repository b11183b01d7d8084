using System.Buffers;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace RedisInfer.KvBlocks.InFolder;

/// <summary>
/// Keeps KV blocks in a folder of this machine, which survives a restart. Blocks are mapped, checked and restored where the system has them.
/// Several processes may use one folder. A folder that is full, read-only or damaged costs only the time to compute the blocks. Thread-safe.
/// </summary>
internal sealed partial class FolderKvBlockStore : IKvBlockStore
{
    private const string Strategy = "mapped";

    /// <summary>States that may be on their way to the folder at once.</summary>
    private const int DefaultSaveBuffers = 8;

    // Checking a block takes longer than restoring it, so a few are checked at once while others are restored.
    private const int Lookahead = 4;

    private readonly BlockFolder _folder;
    private readonly KvBlockSize _size;
    private readonly KvSaveQueue _queue;
    private readonly KvPause _reading;
    private readonly string _description;
    private readonly ILogger _logger;
    private volatile bool _isOpen;

    /// <summary>Creates a store. It opens the folder at the first use.</summary>
    /// <param name="options">The folder, how long blocks are kept, and up to what total size.</param>
    /// <param name="size">The size of blocks.</param>
    /// <param name="meter">The meter that counts blocks. Not disposed of.</param>
    /// <param name="logger">Gets warnings about damaged blocks and failures.</param>
    /// <param name="time">The clock.</param>
    /// <param name="maxSaveBuffers">States that may be on their way to the folder at once.</param>
    public FolderKvBlockStore(
        KvCacheOptions options, KvBlockSize size, Meter meter, ILogger logger, TimeProvider time, int maxSaveBuffers = DefaultSaveBuffers)
    {
        _description = options.Directory!;
        _folder = new BlockFolder(options.Directory!, options.DirectoryBytes, options.TimeToLive, time);
        _size = size;
        _logger = logger;
        _reading = new KvPause(time);
        Metrics = new KvMetrics(meter);
        _queue = new KvSaveQueue(
            () => MemoryPool<byte>.Shared.Rent(size.StateBytes + KvEnvelope.OverheadBytes), size.StateBytes, maxSaveBuffers, Metrics, logger, time);
    }

    /// <inheritdoc/>
    public TimeSpan Pause => _queue.Pause.Rest;

    /// <summary>The outcomes of blocks so far.</summary>
    public KvMetrics Metrics { get; }

    /// <inheritdoc/>
    public Task WarmUpAsync(KvIdentity identity, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            var nobodys = new KvBlock(identity.Branch(identity.Root, "warm-up"), 0, 1);
            byte[] record = new byte[KvEnvelope.OverheadBytes + 1];
            KvEnvelope.Seal(identity, nobodys, record);
            KvEnvelope.Check(identity, nobodys, record);
            TryOpen();
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<int> CountStoredAsync(KvChain chain, int first, CancellationToken cancellationToken) =>
        Task.FromResult(CanRead() ? chain.Blocks.Skip(first).TakeWhile(_folder.Has).Count() : 0);

    /// <inheritdoc/>
    public async IAsyncEnumerable<LoadedKvBlock> LoadAsync(
        KvChain chain, int first, int count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!CanRead())
            yield break;

        int next = first;
        int end = Math.Min(chain.Blocks.Count, first + count);
        var used = new List<KvBlock>();
        var ahead = new Queue<Task<LoadedKvBlock?>>(Lookahead);
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                while (ahead.Count < Lookahead && next < end)
                {
                    KvBlock block = chain.Blocks[next++];
                    ahead.Enqueue(Task.Run(() => Load(chain.Identity, block), CancellationToken.None));
                }

                if (!ahead.TryDequeue(out Task<LoadedKvBlock?>? load) || await load.ConfigureAwait(false) is not { } loaded)
                    break;
                used.Add(loaded.Block);
                yield return loaded;
            }

            cancellationToken.ThrowIfCancellationRequested();
        }
        finally
        {
            foreach (Task<LoadedKvBlock?> load in ahead)
            {
                (await load.ConfigureAwait(false))?.Dispose();
            }

            if (used.Count > 0)
                _queue.Note(() => Touch(used));
        }
    }

    /// <inheritdoc/>
    public KvBuffer? TryRent() => _queue.TryRent();

    /// <inheritdoc/>
    public void Save(KvChain chain, int index, KvBuffer buffer, int stateBytes) =>
        _queue.Save(buffer, () => Save(chain.Identity, chain.Blocks[index], buffer, stateBytes));

    /// <summary>Writes queued blocks for a limited time.</summary>
    public ValueTask DisposeAsync() => _queue.DisposeAsync();

    private static bool IsOfFiles(Exception exception) => exception is IOException or UnauthorizedAccessException;

    private bool CanRead() => !_reading.IsOn && TryOpen();

    private bool TryOpen()
    {
        try
        {
            if (!_isOpen)
                _folder.Open();
            _isOpen = true;
        }
        catch (Exception e) when (IsOfFiles(e))
        {
            Failed(_reading, e);
        }

        return _isOpen;
    }

    /// <summary>Maps and checks a block. Native code trusts a state, so none gets there unchecked.</summary>
    private LoadedKvBlock? Load(KvIdentity identity, KvBlock block)
    {
        MappedRecord? record = null;
        try
        {
            record = _folder.Map(block, _size.StateBytes + KvEnvelope.OverheadBytes);
            string? problem = record is null ? "its size cannot be that of a KV block" : KvEnvelope.Check(identity, block, record.GetSpan());
            if (problem is null)
            {
                Metrics.Count(KvOutcome.Loaded, record!.Memory.Length);
                var loaded = new LoadedKvBlock(block, record.Memory, Strategy, reason: null, record);
                record = null;
                return loaded;
            }

            Metrics.Count(KvOutcome.Rejected);
            LogRejected(block.Key, _description, problem);
            _folder.Remove(block);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            Metrics.Count(KvOutcome.Missed);
        }
        catch (Exception e) when (IsOfFiles(e))
        {
            Metrics.Count(KvOutcome.Unavailable);
            Failed(_reading, e);
        }
        finally
        {
            ((IDisposable?)record)?.Dispose();
        }

        return null;
    }

    private Task Save(KvIdentity identity, KvBlock block, KvBuffer buffer, int stateBytes)
    {
        try
        {
            if (!_queue.Pause.IsOn && TryOpen())
            {
                Memory<byte> record = buffer.Record(stateBytes);
                KvEnvelope.Seal(identity, block, record.Span);
                if (_folder.Write(block, record.Span))
                {
                    buffer.Dispose();
                    Metrics.Count(KvOutcome.Saved, record.Length);
                    return Task.CompletedTask;
                }
            }
        }
        catch (Exception e) when (IsOfFiles(e))
        {
            // The folder may have been removed.
            _isOpen = false;
            Failed(_queue.Pause, e);
        }

        _queue.Drop(buffer);
        return Task.CompletedTask;
    }

    private Task Touch(List<KvBlock> used)
    {
        foreach (KvBlock block in used)
        {
            try
            {
                _folder.Touch(block);
            }
            catch (Exception e) when (IsOfFiles(e))
            {
                // It was removed meanwhile, or the disk is read-only: then nothing is removed.
            }
        }

        return Task.CompletedTask;
    }

    private void Failed(KvPause pause, Exception exception)
    {
        if (pause.Begin())
            LogFailed(_description, exception.Message);
    }

    [LoggerMessage(
        EventId = 530, Level = LogLevel.Warning, Message = "The stored KV block {Block} in '{Directory}' is not used and is removed: {Problem}. Its tokens are prefilled.")]
    private partial void LogRejected(KvBlockKey block, string directory, string problem);

    [LoggerMessage(
        EventId = 531, Level = LogLevel.Warning,
        Message = "KV blocks in '{Directory}' cannot be used for a while: {Problem} Free space on the disk, or correct KvCache.Directory. "
            + "Meanwhile, prompts are prefilled if their KV states are nowhere else.")]
    private partial void LogFailed(string directory, string problem);
}
