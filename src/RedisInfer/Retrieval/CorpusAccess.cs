using RedisInfer.Corpus;
using RedisInfer.Corpus.Records;
using RedisInfer.Embedding;
using RedisInfer.Inference;

namespace RedisInfer.Retrieval;

/// <summary>A corpus with the tokenizer and the embedding that make its tokens and vectors. Thread-safe.</summary>
/// <param name="getTokenizer">Returns the tokenizer of the model that generates answers.</param>
/// <param name="getEmbedder">Returns the embedding.</param>
/// <param name="getStore">Returns the store of the documents.</param>
internal sealed class CorpusAccess(
    Func<CancellationToken, ValueTask<ITokenizer>> getTokenizer,
    Func<CancellationToken, ValueTask<TextEmbedder>> getEmbedder,
    Func<CancellationToken, ValueTask<CorpusStore>> getStore)
{
    private volatile bool _isChecked;

    /// <summary>Tokenizer of the model that generates answers.</summary>
    public ValueTask<ITokenizer> GetTokenizerAsync(CancellationToken cancellationToken) => getTokenizer(cancellationToken);

    /// <summary>The embedding.</summary>
    public ValueTask<TextEmbedder> GetEmbedderAsync(CancellationToken cancellationToken) => getEmbedder(cancellationToken);

    /// <summary>Store of the documents, without a check of their embedding and tokenizer.</summary>
    public ValueTask<CorpusStore> GetStoreAsync(CancellationToken cancellationToken) => getStore(cancellationToken);

    /// <summary>
    /// Store of the documents, after a check that they were made with this embedding and tokenizer. Checked once. If another process later
    /// clears the corpus and indexes with others, the store notices.
    /// </summary>
    /// <exception cref="Errors.RedisInferException"><see cref="Errors.RedisInferErrorCode.IndexMismatch"/>.</exception>
    public async ValueTask<CorpusStore> GetCheckedStoreAsync(CancellationToken cancellationToken)
    {
        if (!_isChecked)
        {
            IndexIdentity identity = await GetIdentityAsync(cancellationToken).ConfigureAwait(false);
            CorpusStore store = await getStore(cancellationToken).ConfigureAwait(false);
            await store.CheckIdentityAsync(identity, cancellationToken).ConfigureAwait(false);
            _isChecked = true;
        }

        return await getStore(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Identity of the embedding and the tokenizer.</summary>
    public async ValueTask<IndexIdentity> GetIdentityAsync(CancellationToken cancellationToken)
    {
        ITokenizer tokenizer = await GetTokenizerAsync(cancellationToken).ConfigureAwait(false);
        TextEmbedder embedder = await getEmbedder(cancellationToken).ConfigureAwait(false);
        return new IndexIdentity(embedder.Identity, embedder.Dimensions, tokenizer.Fingerprint);
    }
}
