using RedisInfer.Corpus.Indexes;
using RedisInfer.Corpus.Records;
using StackExchange.Redis;

namespace RedisInfer.Corpus;

/// <summary>What was learned about a corpus while it was indexed: how near unrelated questions are.</summary>
internal sealed class LearnedSpread(CorpusHandle handle)
{
    /// <summary>Reads it; <see langword="null"/> if it was not learned yet.</summary>
    public async Task<CosineSpread?> ReadAsync() =>
        await handle.ReadMetaAsync().ConfigureAwait(false) is { } meta ? await ReadAsync(meta).ConfigureAwait(false) : null;

    /// <summary>Adds what a sample of chunks says. Of two writers at once, one may be lost: both samples say the same.</summary>
    public async Task AddAsync(CosineSpread learned)
    {
        if (await handle.ReadMetaAsync().ConfigureAwait(false) is not { } meta)
            return;
        CosineSpread? before = await ReadAsync(meta).ConfigureAwait(false);

        // A corpus that was cleared meanwhile must not get a meta hash with this field alone.
        ITransaction transaction = handle.Database.CreateTransaction();
        transaction.AddCondition(Condition.HashEqual(handle.Keys.Meta, CorpusMeta.EpochField, meta.Epoch));
        Task<bool> written = transaction.HashSetAsync(
            handle.Keys.Meta, CorpusMeta.SpreadField, (before?.With(learned) ?? learned).Encode(meta.Epoch));
        if (await transaction.ExecuteAsync().ConfigureAwait(false))
            await written.ConfigureAwait(false);
    }

    private async Task<CosineSpread?> ReadAsync(CorpusMeta meta) => CosineSpread.Decode(
        meta.Epoch, await handle.Database.HashGetAsync(handle.Keys.Meta, CorpusMeta.SpreadField).ConfigureAwait(false));
}
