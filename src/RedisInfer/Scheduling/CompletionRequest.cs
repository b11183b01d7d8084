using RedisInfer.KvBlocks;
using RedisInfer.Prompting;
using RedisInfer.Reuse;

namespace RedisInfer.Scheduling;

/// <summary>A request to prefill a prompt and to generate its continuation.</summary>
/// <param name="Prompt">Its tokens; at least 1.</param>
/// <param name="MaxOutputTokens">Most tokens to generate. 0: only prefill the prompt, so that later requests can reuse its prefix.</param>
/// <param name="Sampling">How tokens are chosen.</param>
/// <param name="StopSequences">The text ends before the first of these that occurs.</param>
/// <param name="Caller">The caller that sent it; callers take turns.</param>
/// <param name="Priority">Requests that the caller's turn may serve if it starts with this request; at least 1.</param>
/// <param name="Chain">The blocks of the prompt whose KV states may be reused; <see langword="null"/>: none.</param>
internal sealed record CompletionRequest(
    int[] Prompt,
    int MaxOutputTokens,
    SamplingOptions Sampling,
    IReadOnlyList<string> StopSequences,
    string Caller = "",
    int Priority = 1,
    KvChain? Chain = null)
{
    /// <summary>The passages that are computed independently; <see langword="null"/>: the whole prompt is prefilled in order.</summary>
    public PassagePlan? Passages { get; init; }

    /// <summary>How thoughts are told from the answer; <see langword="null"/>: all text is the answer.</summary>
    public ThoughtRules? Thoughts { get; init; }

    /// <summary>What the answer is held to; <see langword="null"/>: any text.</summary>
    public AnswerRules? Rules { get; init; }

    /// <summary>Whether the result has <see cref="CompletionResult.Output"/>.</summary>
    public bool CaptureOutput { get; init; }

    /// <summary>Whether the KV state of prompt and answer is kept for a prompt that begins with both.</summary>
    public bool KeepsAnswer { get; init; }
}
