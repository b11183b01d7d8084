using RedisInfer.Chunking;
using RedisInfer.Corpus;
using RedisInfer.Corpus.Records;
using RedisInfer.Embedding;
using RedisInfer.Inference;

namespace RedisInfer.Retrieval;

/// <summary>A corpus with the tokenizer, the embedding and the chunker that make its tokens, vectors and chunks. Thread-safe.</summary>
/// <param name="getTokenizer">Returns the tokenizer of the model that generates answers.</param>
/// <param name="getEmbedder">Returns the embedding.</param>
/// <param name="getStore">Returns the store of the documents.</param>
/// <param name="chunker">The chunker.</param>
internal sealed class CorpusAccess(
    Func<CancellationToken, ValueTask<ITokenizer>> getTokenizer,
    Func<CancellationToken, ValueTask<TextEmbedder>> getEmbedder,
    Func<CancellationToken, ValueTask<CorpusStore>> getStore,
    IChunker chunker)
{
    private volatile bool _isChecked;

    /// <summary>Tokenizer of the model that generates answers.</summary>
    public ValueTask<ITokenizer> GetTokenizerAsync(CancellationToken cancellationToken) => getTokenizer(cancellationToken);

    /// <summary>The embedding.</summary>
    public ValueTask<TextEmbedder> GetEmbedderAsync(CancellationToken cancellationToken) => getEmbedder(cancellationToken);

    /// <summary>Store of the documents, without a check of what made them.</summary>
    public ValueTask<CorpusStore> GetStoreAsync(CancellationToken cancellationToken) => getStore(cancellationToken);

    /// <summary>
    /// Store of the documents, after a check that they were made with this embedding, tokenizer and chunker. Checked once. If another process later
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

    /// <summary>Identity of the embedding, the tokenizer and the chunker.</summary>
    public async ValueTask<IndexIdentity> GetIdentityAsync(CancellationToken cancellationToken)
    {
        ITokenizer tokenizer = await GetTokenizerAsync(cancellationToken).ConfigureAwait(false);
        TextEmbedder embedder = await getEmbedder(cancellationToken).ConfigureAwait(false);
        return new IndexIdentity(embedder.Identity, embedder.Dimensions, tokenizer.Fingerprint)
        {
            Chunker = IndexIdentity.ChunkerOf(chunker.Identity),
        };
    }
}
