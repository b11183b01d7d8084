using System.Diagnostics;
using LLama;
using LLama.Common;
using LLama.Sampling;
using RedisInfer.Benchmarks.Load;

namespace RedisInfer.Benchmarks.Peers;

/// <summary>LLamaSharp's <see cref="StatelessExecutor"/>. It serves one question at a time, so each caller has one of its own.</summary>
internal sealed class StatelessPeer(LLamaWeights weights, ModelParams settings, IReadOnlyList<AnsweredPrompt> prompts) : IPeer
{
    public async Task<IReadOnlyList<PeerAnswer>> AskAsync(int first, int count, int callers, CancellationToken cancellationToken)
    {
        int next = -1;
        var answers = new PeerAnswer[count];
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(
            async () =>
            {
                var executor = new StatelessExecutor(weights, settings);
                for (int i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
                {
                    answers[i] = await AskAsync(executor, prompts[first + i], cancellationToken);
                }
            },
            cancellationToken)));
        return answers;
    }

    public ValueTask DisposeAsync()
    {
        weights.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<PeerAnswer> AskAsync(StatelessExecutor executor, AnsweredPrompt prompt, CancellationToken cancellationToken)
    {
        using var sampler = new GreedySamplingPipeline();
        var request = new InferenceParams { MaxTokens = prompt.AnswerTokens, SamplingPipeline = sampler };
        long start = Stopwatch.GetTimestamp();
        double firstToken = 0;
        int tokens = 0;
        await foreach (string _ in executor.InferAsync(prompt.Text, request, cancellationToken))
        {
            firstToken = tokens++ == 0 ? Stopwatch.GetElapsedTime(start).TotalSeconds : firstToken;
        }

        return new PeerAnswer(firstToken, Stopwatch.GetElapsedTime(start).TotalSeconds, tokens);
    }
}
