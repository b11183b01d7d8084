using RedisInfer.Corpus.Indexes;
using StackExchange.Redis;

namespace RedisInfer.Corpus;

/// <summary>
/// Guards a document's entry in the manifest, and the announcements of writes of it. Each document has a token, a random text. An attempt
/// to change the document reads the token first, then all that the change depends on. It commits only if the token is still the same, and
/// removes it. So an attempt fails only if another change of the same document was committed. A condition on the manifest would fail with
/// every write of any document, because the client watches the whole hash.
/// </summary>
/// <param name="handle">The corpus.</param>
/// <param name="path">The document; empty for the epochs of the corpus.</param>
internal sealed class DocumentChange(CorpusHandle handle, string path)
{
    // An attempt that is never committed leaves a token. If the token expires during an attempt, the attempt fails and is repeated.
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(60);

    private readonly RedisKey _key = handle.Keys.Change(path);

    /// <summary>
    /// Begins an attempt. The commands are sent before this returns, so what is sent next is executed after them. Read the document from
    /// the primary, because a replica may be late.
    /// </summary>
    /// <returns>The token.</returns>
    public async Task<RedisValue> BeginAsync()
    {
        string created = Guid.NewGuid().ToString("N");
        Task<bool> set = handle.Database.StringSetAsync(_key, created, Ttl, When.NotExists);
        Task<RedisValue> read = handle.Database.StringGetAsync(_key, CommandFlags.DemandMaster);
        await Task.WhenAll(set, read).ConfigureAwait(false);

        // A server that is short of memory may have evicted the new token already. Then the attempt fails.
        RedisValue token = await read.ConfigureAwait(false);
        return token.IsNull ? created : token;
    }

    /// <summary>Makes a transaction fail if another attempt was committed since this one began.</summary>
    /// <param name="transaction">Changes the document.</param>
    /// <param name="token">The result of <see cref="BeginAsync"/>.</param>
    /// <returns>One of the transaction's commands.</returns>
    public Task Guard(ITransaction transaction, RedisValue token)
    {
        transaction.AddCondition(Condition.StringEqual(_key, token));
        return transaction.KeyDeleteAsync(_key);
    }
}
