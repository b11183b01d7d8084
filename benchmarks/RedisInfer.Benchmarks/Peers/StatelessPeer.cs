using System.Diagnostics;
using LLama;
using LLama.Common;
using LLama.Sampling;

namespace RedisInfer.Benchmarks.Peers;

/// <summary>LLamaSharp's <see cref="StatelessExecutor"/>, as its README uses it: a prompt in, text out.</summary>
internal sealed class StatelessPeer(PeerPrompts prompts, ModelParams parameters, LLamaWeights weights) : IPeer
{
    public async Task<PeerAnswer> AskAsync(int caller, int outputTokens, CancellationToken cancellationToken)
    {
        (int tokens, double first, double decoding) = await InferAsync(caller, outputTokens, cancellationToken);
        return new PeerAnswer(
            weights.Tokenize(prompts.Prompt(caller), add_bos: true, special: false, System.Text.Encoding.UTF8).Length, first, (tokens - 1) / (decoding / 1000));
    }

    public async Task<int> AskAllAsync(IReadOnlyList<int> callers, int outputTokens, CancellationToken cancellationToken) =>
        (await Task.WhenAll(callers.Select(caller => Task.Run(() => InferAsync(caller, outputTokens, cancellationToken), cancellationToken)))).Sum(answer => answer.Tokens);

    public ValueTask DisposeAsync()
    {
        weights.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<(int Tokens, double First, double Decoding)> InferAsync(int caller, int outputTokens, CancellationToken cancellationToken)
    {
        var executor = new StatelessExecutor(weights, parameters);
        long start = Stopwatch.GetTimestamp();
        long first = start;
        int tokens = 0;
        using var greedy = new GreedySamplingPipeline();
        var settings = new InferenceParams { MaxTokens = outputTokens, SamplingPipeline = greedy };
        await foreach (string _ in executor.InferAsync(prompts.Prompt(caller), settings, cancellationToken))
        {
            first = tokens++ == 0 ? Stopwatch.GetTimestamp() : first;
        }

        return (tokens, Stopwatch.GetElapsedTime(start, first).TotalMilliseconds, Stopwatch.GetElapsedTime(first).TotalMilliseconds);
    }
}
