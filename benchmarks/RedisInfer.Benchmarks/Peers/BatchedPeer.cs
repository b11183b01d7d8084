using System.Diagnostics;
using LLama;
using LLama.Batched;
using LLama.Native;
using LLama.Sampling;
using RedisInfer.Benchmarks.Load;

namespace RedisInfer.Benchmarks.Peers;

/// <summary>LLamaSharp's <see cref="BatchedExecutor"/>: one loop for all callers, as in its example.</summary>
internal sealed class BatchedPeer(BatchedExecutor executor, IReadOnlyList<AnsweredPrompt> prompts) : IPeer
{
    public async Task<IReadOnlyList<PeerAnswer>> AskAsync(int first, int count, int callers, CancellationToken cancellationToken)
    {
        var answers = new PeerAnswer[count];
        List<Running> running = [];
        for (int next = 0; next < count || running.Count > 0;)
        {
            while (running.Count < callers && next < count)
            {
                running.Add(new Running(executor, next, prompts[first + next]));
                next++;
            }

            DecodeResult result = await executor.Infer(cancellationToken);
            if (result != DecodeResult.Ok)
            {
                throw new InvalidOperationException($"LLamaSharp's executor could not compute a batch: {result}.");
            }

            foreach (Running one in running.Where(one => one.Advance()).ToArray())
            {
                answers[one.Number] = one.End();
                running.Remove(one);
            }
        }

        return answers;
    }

    public ValueTask DisposeAsync()
    {
        executor.Dispose();
        executor.Model.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>One answer in the loop.</summary>
    private sealed class Running
    {
        private readonly LLama.Batched.Conversation _conversation;
        private readonly GreedySamplingPipeline _sampler = new();
        private readonly StreamingTokenDecoder _decoder;
        private readonly int _maxTokens;
        private readonly long _start = Stopwatch.GetTimestamp();
        private double _firstToken;
        private int _tokens;

        public Running(BatchedExecutor executor, int number, AnsweredPrompt prompt)
        {
            Number = number;
            _maxTokens = prompt.AnswerTokens;
            _decoder = new StreamingTokenDecoder(executor.Context);
            _conversation = executor.Create();
            _conversation.Prompt(executor.Context.Tokenize(prompt.Text, addBos: true, special: true));
        }

        public int Number { get; }

        /// <summary>Samples a token, if it was computed.</summary>
        /// <returns>Whether the answer is complete.</returns>
        public bool Advance()
        {
            if (!_conversation.RequiresSampling)
            {
                return false;
            }

            LLamaToken token = _sampler.Sample(_conversation.Executor.Context.NativeHandle, _conversation.GetSampleIndex());
            if (token.IsEndOfGeneration(_conversation.Executor.Model.Vocab))
            {
                return true;
            }

            _decoder.Add(token);
            _decoder.Read();
            if (_tokens++ == 0)
            {
                _firstToken = Stopwatch.GetElapsedTime(_start).TotalSeconds;
            }

            if (_tokens == _maxTokens)
            {
                return true;
            }

            _conversation.Prompt(token);
            return false;
        }

        public PeerAnswer End()
        {
            _conversation.Dispose();
            _sampler.Dispose();
            return new PeerAnswer(_firstToken, Stopwatch.GetElapsedTime(_start).TotalSeconds, _tokens);
        }
    }
}
