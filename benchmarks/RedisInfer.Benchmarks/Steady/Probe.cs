using RedisInfer.Benchmarks.Load;

namespace RedisInfer.Benchmarks.Steady;

/// <summary>A question that is asked twice: computed, and then with its prompt reused and nothing left to store.</summary>
/// <param name="First">The first answer.</param>
/// <param name="Again">The second answer.</param>
internal sealed record Probe(TimedAnswer First, TimedAnswer Again)
{
    /// <summary>Milliseconds for each computed token of the prompt.</summary>
    public double PrefillMilliseconds =>
        First.Answer.Timings.Prefill.TotalMilliseconds / (First.Answer.Usage.PromptTokens - First.Answer.Usage.CachedTokens);

    /// <summary>Milliseconds for each generated token. The first time, states are stored meanwhile.</summary>
    public double DecodeMilliseconds => Again.StepMilliseconds;
}
