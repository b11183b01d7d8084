using RedisInfer.Context;
using RedisInfer.Errors;
using RedisInfer.Inference;
using RedisInfer.Redis;

namespace RedisInfer;

/// <summary>Computes the attention states of indexed passages ahead of the first question over them.</summary>
internal sealed class PassagePreparer(RagRuntime runtime, RedisInferOptions options)
{
    public async Task<int> RunAsync(IProgress<int>? progress, CancellationToken cancellationToken)
    {
        if (options.KvCache.Reuse != KvReuse.Shared)
        {
            throw new RedisInferException(
                RedisInferErrorCode.InvalidOptions, $"KvCache.Reuse is {options.KvCache.Reuse}: passages are prepared in Redis, give Shared.");
        }

        IInferenceModel model = await runtime.GetModelAsync(cancellationToken).ConfigureAwait(false);
        AnswerEngine engine = await runtime.GetAnswersAsync(cancellationToken).ConfigureAwait(false);
        CorpusStore store = await runtime.GetCheckedStoreAsync(cancellationToken).ConfigureAwait(false);
        int done = 0;
        int computed = 0;
        await foreach (ManifestEntry entry in store.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            StoredChunk?[] chunks = await store.ReadDocumentAsync(model.Tokenizer.Fingerprint, entry, cancellationToken).ConfigureAwait(false);
            foreach (StoredChunk chunk in chunks.OfType<StoredChunk>())
            {
                computed += await engine.PrepareAsync(chunk.Tokens, cancellationToken).ConfigureAwait(false) ? 1 : 0;
                progress?.Report(++done);
            }
        }

        return computed;
    }
}
