using System.Diagnostics;
using LLama;
using LLama.Batched;
using LLama.Common;
using LLama.Native;
using LLama.Sampling;

namespace RedisInfer.Benchmarks.Peers;

/// <summary>LLamaSharp's <see cref="BatchedExecutor"/>, as its examples use it: a conversation for each prompt, and steps over all of them.</summary>
internal sealed class BatchedPeer(PeerPrompts prompts, ModelParams parameters, LLamaWeights weights) : IPeer
{
    private readonly BatchedExecutor _executor = new(weights, parameters);

    public async Task<PeerAnswer> AskAsync(int caller, int outputTokens, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        using var conversations = new Group(this, [caller]);
        await conversations.StepAsync(cancellationToken);
        double first = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        start = Stopwatch.GetTimestamp();
        while (conversations.Generated < outputTokens)
        {
            await conversations.StepAsync(cancellationToken);
        }

        return new PeerAnswer(conversations.PromptTokens, first, (conversations.Generated - 1) / Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    public async Task<int> AskAllAsync(IReadOnlyList<int> callers, int outputTokens, CancellationToken cancellationToken)
    {
        using var conversations = new Group(this, callers);
        while (conversations.Generated < outputTokens * callers.Count)
        {
            await conversations.StepAsync(cancellationToken);
        }

        return conversations.Generated;
    }

    public ValueTask DisposeAsync()
    {
        _executor.Dispose();
        weights.Dispose();
        return ValueTask.CompletedTask;
    }

    private string Prompt(int caller) => prompts.Prompt(caller);

    /// <summary>Conversations that generate together.</summary>
    private sealed class Group : IDisposable
    {
        private readonly BatchedPeer _peer;
        private readonly List<Conversation> _conversations = [];
        private readonly GreedySamplingPipeline _greedy = new();

        public Group(BatchedPeer peer, IReadOnlyList<int> callers)
        {
            _peer = peer;
            foreach (int caller in callers)
            {
                Conversation conversation = peer._executor.Create();
                LLamaToken[] tokens = peer._executor.Context.Tokenize(peer.Prompt(caller));
                PromptTokens += tokens.Length;
                conversation.Prompt(tokens.AsSpan());
                _conversations.Add(conversation);
            }
        }

        public int PromptTokens { get; }

        public int Generated { get; private set; }

        /// <summary>Computes until each conversation has one more token.</summary>
        public async Task StepAsync(CancellationToken cancellationToken)
        {
            while (_peer._executor.BatchQueueCount > 0)
            {
                DecodeResult result = await _peer._executor.Infer(cancellationToken);
                if (result != DecodeResult.Ok)
                {
                    throw new InvalidOperationException($"BatchedExecutor.Infer ended with {result}.");
                }
            }

            foreach (Conversation conversation in _conversations.Where(conversation => conversation.RequiresSampling))
            {
                LLamaToken token = conversation.Sample(_greedy);
                Generated++;
                conversation.Prompt(token);
            }
        }

        public void Dispose()
        {
            _conversations.ForEach(conversation => conversation.Dispose());
            _greedy.Dispose();
        }
    }
}
