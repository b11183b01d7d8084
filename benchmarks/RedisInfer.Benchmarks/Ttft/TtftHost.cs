using RedisInfer.Redis;

namespace RedisInfer.Benchmarks.Ttft;

/// <summary>Owns a runtime and the connection that it uses.</summary>
internal sealed class TtftHost(IRedisConnectionSource connection, RagRuntime runtime) : IAsyncDisposable
{
    public async Task IndexAsync(IEnumerable<RagDocument> documents, CancellationToken cancellationToken)
    {
        await foreach (IndexedDocument _ in runtime.Index.AddAsync(documents.ToAsyncEnumerable(), cancellationToken))
        {
        }
    }

    public Task WarmUpAsync(CancellationToken cancellationToken) => runtime.WarmUpAsync(cancellationToken: cancellationToken);

    public async Task<TtftMeasurement> AskAsync(string name, string question, CancellationToken cancellationToken)
    {
        RagAnswer answer = await runtime.Generator.GenerateAsync(new RagRequest(question), cancellationToken);
        RagTimings timings = answer.Timings;
        int passages = answer.Passages.Sum(passage => passage.TokenCount);
        int computed = answer.Usage.PromptTokens - answer.Usage.CachedTokens;
        int tail = Math.Min(computed, answer.Usage.PromptTokens - passages);

        // The computed passage tokens take the same share of the prefill time as of all computed tokens.
        double ready = (timings.Restore + (timings.Prefill * (computed - tail) / computed)).TotalSeconds;
        Console.WriteLine(
            $"{name}: first token {timings.FirstToken.TotalMilliseconds:0.0} ms (search {(timings.Embed + timings.Retrieve + timings.Load).TotalMilliseconds:0.0},"
            + $" restore {timings.Restore.TotalMilliseconds:0.0}, prefill {timings.Prefill.TotalMilliseconds:0.0}); {answer.Usage.PromptTokens} tokens of prompt,"
            + $" {passages} of passages, {answer.Usage.CachedTokens} reused, {answer.Context.RestoredTokens} of them from the store"
            + $" ({answer.Context.StateBytes / 1e6:0.0} MB, {answer.Context.Strategy})");
        return new TtftMeasurement(timings.FirstToken.TotalSeconds, ready, answer.Usage.PromptTokens, computed);
    }

    public async ValueTask DisposeAsync()
    {
        await runtime.DisposeAsync();
        await connection.DisposeAsync();
    }
}
