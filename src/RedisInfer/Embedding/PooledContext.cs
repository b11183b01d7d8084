using System.Numerics.Tensors;
using RedisInfer.Errors;
using RedisInfer.Inference;
using RedisInfer.Threads;

namespace RedisInfer.Embedding;

/// <summary>
/// A context that computes one result for each text: an embedding or a score. Short texts share batches. Thread-safe; computes one batch at
/// a time. Disposes of its context, but not of the model.
/// </summary>
internal sealed class PooledContext : IDisposable
{
    private readonly ComputeThread _thread;
    private readonly IInferenceContext _context;
    private readonly TokenBatch _batch;
    private readonly int _sharedTokens;
    private readonly string _what;
    private readonly CancellationTokenSource _stopping = new();

    // The holder of this semaphore may use the context.
    private readonly SemaphoreSlim _turn = new(1);
    private volatile bool _isDisposed;

    /// <summary>Creates the context.</summary>
    /// <param name="model">A loaded model. It must outlive this object.</param>
    /// <param name="options">The context. Its sequences are the texts that share a batch.</param>
    /// <param name="sharedTokens">Most tokens of texts that share a batch. A longer text has a batch of its own.</param>
    /// <param name="what">What the model is, for errors and debuggers.</param>
    /// <exception cref="RedisInferException">The context cannot be created.</exception>
    public PooledContext(IInferenceModel model, ContextOptions options, int sharedTokens, string what)
    {
        _context = model.CreateContext(options);
        _batch = new TokenBatch(Math.Min(_context.BatchSize, options.BatchSize));
        _sharedTokens = sharedTokens;
        _what = what;
        _thread = new ComputeThread($"RedisInfer {what}");
    }

    /// <summary>Most tokens of a text.</summary>
    public int MaxTextTokens => _batch.Capacity;

    /// <summary>Computes texts.</summary>
    /// <param name="texts">The tokens of each text, at most <see cref="MaxTextTokens"/>. Enumerated on the thread that computes.</param>
    /// <param name="read">Reads the result of a sequence.</param>
    /// <param name="cancellationToken">Stops between two operations.</param>
    /// <returns>One result for each text; <see langword="null"/> for a text without tokens. Numbers may be NaN or infinite.</returns>
    /// <exception cref="RedisInferException"><see cref="RedisInferErrorCode.DecodeFailed"/>.</exception>
    public async Task<IReadOnlyList<float[]?>> ComputeAsync(
        IEnumerable<int[]> texts, Func<IInferenceContext, int, float[]> read, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        await _turn.WaitAsync(cancellationToken).OnOwnThread();
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return await _thread.RunAsync(() => Compute(texts, read, stop.Token)).OnOwnThread();
        }
        catch (OperationCanceledException) when (_isDisposed && !cancellationToken.IsCancellationRequested)
        {
            throw new ObjectDisposedException(GetType().FullName);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
            return;

        _isDisposed = true;
        _stopping.Cancel();

        // Waits until the current batch has stopped, which it does between two operations. Callers that wait for their turn then get it,
        // and find the context disposed of.
        _turn.Wait();
        _context.Dispose();
        _thread.Dispose();
        _turn.Release();
    }

    private List<float[]?> Compute(IEnumerable<int[]> texts, Func<IInferenceContext, int, float[]> read, CancellationToken cancellationToken)
    {
        var results = new List<float[]?>();
        var waiting = new List<int[]>(_context.MaxSequences);
        int tokenCount = 0;
        foreach (int[] text in texts)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (waiting.Count == _context.MaxSequences || (waiting.Count > 0 && tokenCount + text.Length > _sharedTokens))
            {
                results.AddRange(ComputeTogether(waiting, read, cancellationToken));
                waiting.Clear();
                tokenCount = 0;
            }

            waiting.Add(text);
            tokenCount += text.Length;
        }

        results.AddRange(ComputeTogether(waiting, read, cancellationToken));
        return results;
    }

    /// <summary>
    /// Computes texts in one batch. If a result is no finite number, it may have spoiled the others: attention multiplies what it masks by
    /// zero. Each text is then computed again alone.
    /// </summary>
    private float[]?[] ComputeTogether(List<int[]> texts, Func<IInferenceContext, int, float[]> read, CancellationToken cancellationToken)
    {
        float[]?[] results = ComputeBatch(texts, read, cancellationToken);
        return texts.Count == 1 || results.All(result => result is null || TensorPrimitives.IsFiniteAll<float>(result))
            ? results
            : [.. texts.SelectMany(text => ComputeBatch([text], read, cancellationToken))];
    }

    private float[]?[] ComputeBatch(List<int[]> texts, Func<IInferenceContext, int, float[]> read, CancellationToken cancellationToken)
    {
        // A batch that failed may have left rows.
        _batch.Clear();
        for (int sequence = 0; sequence < texts.Count; sequence++)
        {
            for (int position = 0; position < texts[sequence].Length; position++)
            {
                _batch.Add(texts[sequence][position], position, sequence, output: true);
            }
        }

        if (_batch.Count > 0 && _context.Decode(_batch, cancellationToken) is var result && result != DecodeResult.Done)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new RedisInferException(
                RedisInferErrorCode.DecodeFailed,
                $"The {_what} model could not compute a batch of {_batch.Count} tokens in {texts.Count} texts ({result}).");
        }

        return [.. texts.Select((text, sequence) => text.Length == 0 ? null : read(_context, sequence))];
    }
}
