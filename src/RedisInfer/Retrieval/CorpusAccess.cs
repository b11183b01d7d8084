using RedisInfer.Corpus;
using RedisInfer.Corpus.Records;
using RedisInfer.Embedding;
using RedisInfer.Inference;

namespace RedisInfer.Retrieval;

/// <summary>A corpus together with the model and the embedding that its tokens and vectors are made with. Thread-safe.</summary>
/// <param name="getModel">Gives the model that answers.</param>
/// <param name="getEmbedder">Gives the embedding.</param>
/// <param name="getStore">Gives the documents.</param>
internal sealed class CorpusAccess(
    Func<CancellationToken, ValueTask<IInferenceModel>> getModel,
    Func<CancellationToken, ValueTask<TextEmbedder>> getEmbedder,
    Func<CancellationToken, ValueTask<CorpusStore>> getStore)
{
    private volatile bool _isChecked;

    /// <summary>The tokenizer of the model that answers.</summary>
    public async ValueTask<ITokenizer> GetTokenizerAsync(CancellationToken cancellationToken) =>
        (await getModel(cancellationToken).ConfigureAwait(false)).Tokenizer;

    /// <summary>The embedding.</summary>
    public ValueTask<TextEmbedder> GetEmbedderAsync(CancellationToken cancellationToken) => getEmbedder(cancellationToken);

    /// <summary>The documents, whatever they were made with.</summary>
    public ValueTask<CorpusStore> GetStoreAsync(CancellationToken cancellationToken) => getStore(cancellationToken);

    /// <summary>
    /// The documents, once it is certain that they were not made with another embedding or tokenizer. Checked once: if another process
    /// clears the corpus and makes it with others later, the store notices.
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

    /// <summary>What tokens and vectors are made with.</summary>
    public async ValueTask<IndexIdentity> GetIdentityAsync(CancellationToken cancellationToken)
    {
        ITokenizer tokenizer = await GetTokenizerAsync(cancellationToken).ConfigureAwait(false);
        TextEmbedder embedder = await getEmbedder(cancellationToken).ConfigureAwait(false);
        return new IndexIdentity(embedder.Identity, embedder.Dimensions, tokenizer.Fingerprint);
    }
}
