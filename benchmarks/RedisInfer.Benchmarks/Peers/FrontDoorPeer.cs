using RedisInfer.Benchmarks.Load;

namespace RedisInfer.Benchmarks.Peers;

/// <summary>The front door: it searches the passages itself, and keeps KV states in a folder.</summary>
internal sealed class FrontDoorPeer(HandbookHost host, IReadOnlyList<string> questions) : IPeer
{
    private readonly List<TimedAnswer> _answers = [];

    /// <summary>All answers so far.</summary>
    public IReadOnlyList<TimedAnswer> Answers => _answers;

    public async Task<IReadOnlyList<PeerAnswer>> AskAsync(int first, int count, int callers, CancellationToken cancellationToken)
    {
        LoadResult result = await Callers.AskInTurnsAsync(
            count, callers, (question, caller, start) => host.AskAsync(questions[first + question], caller, start, cancellationToken));
        _answers.AddRange(result.Answers);
        return [.. result.Answers.Select(one => new PeerAnswer(
            one.Answer.Timings.FirstToken.TotalSeconds, one.Seconds, one.Answer.Usage.GeneratedTokens))];
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();
}
