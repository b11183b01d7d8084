using RedisInfer.Corpus.Indexes;
using RedisInfer.Corpus.Records;
using StackExchange.Redis;

namespace RedisInfer.Corpus;

/// <summary>Steps of giving a whole corpus another embedding or other chunks.</summary>
internal static class MetaChange
{
    /// <summary>How many times documents may change just when all are done.</summary>
    public const int MaxConflicts = 64;

    /// <summary>Changes what a corpus says that it was made with, if nothing of it has changed since a state of its manifest.</summary>
    /// <param name="handle">The corpus.</param>
    /// <param name="old">What it says now.</param>
    /// <param name="now">What it is to say.</param>
    /// <param name="state">The state of the manifest that is ready for it.</param>
    /// <param name="more">Adds further commands and conditions to the transaction.</param>
    /// <returns>Whether it was changed.</returns>
    public static async Task<bool> TryCommitAsync(
        CorpusHandle handle, CorpusMeta old, CorpusMeta now, MirroredManifest state, Func<ITransaction, IEnumerable<Task>> more)
    {
        ITransaction transaction = handle.Database.CreateTransaction();
        transaction.AddCondition(Condition.HashEqual(handle.Keys.Meta, CorpusMeta.EpochField, old.Epoch));
        transaction.AddCondition(Condition.StringEqual(handle.Keys.Revision, state.Revision));
        Task[] commands =
        [
            .. more(transaction),
            transaction.HashSetAsync(handle.Keys.Meta, now.Encode()),
            ManifestChanges.NoteAsync(transaction, handle.Keys, null),
        ];
        if (!await transaction.ExecuteAsync().ConfigureAwait(false))
            return false;
        await Task.WhenAll(commands).ConfigureAwait(false);
        return true;
    }

    /// <summary>Calls the server, again and again during an outage.</summary>
    /// <param name="patiently">Repeats the call.</param>
    /// <param name="call">The call. It may be repeated although it had succeeded.</param>
    public static async Task<T> PatientlyAsync<T>(Func<Func<Task>, Task> patiently, Func<Task<T>> call)
    {
        T? result = default;
        await patiently(async () => result = await call().ConfigureAwait(false)).ConfigureAwait(false);
        return result!;
    }
}
