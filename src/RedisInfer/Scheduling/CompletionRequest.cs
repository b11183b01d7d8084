using RedisInfer.KvBlocks;
using RedisInfer.Reuse;

namespace RedisInfer.Scheduling;

/// <summary>A prompt to continue.</summary>
/// <param name="Prompt">Its tokens; at least one.</param>
/// <param name="MaxOutputTokens">Most tokens to generate; 0: the prompt is only read, for those who begin alike later.</param>
/// <param name="Sampling">How tokens are chosen.</param>
/// <param name="StopSequences">The text ends before the first of these.</param>
/// <param name="Caller">Whose it is; callers take turns.</param>
/// <param name="Priority">Requests that a turn of the caller which starts with this one may serve; at least one.</param>
/// <param name="Chain">The blocks of the prompt whose attention states may be reused; null: none.</param>
internal sealed record CompletionRequest(
    int[] Prompt,
    int MaxOutputTokens,
    SamplingOptions Sampling,
    IReadOnlyList<string> StopSequences,
    string Caller = "",
    int Priority = 1,
    KvChain? Chain = null)
{
    /// <summary>The passages that are computed without each other; null: the prompt is computed as it stands.</summary>
    public PassagePlan? Passages { get; init; }

    /// <summary>Whether the result says what the model said.</summary>
    public bool CaptureOutput { get; init; }
}
