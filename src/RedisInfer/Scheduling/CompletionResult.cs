using RedisInfer.Reuse;

namespace RedisInfer.Scheduling;

/// <summary>How a generation ended, and how long its phases took.</summary>
internal sealed record CompletionResult
{
    /// <summary>Whether the model or a stop sequence ended the text. If not, the token limit did.</summary>
    public required bool Stopped { get; init; }

    /// <summary>Tokens generated, including the one that ended the text.</summary>
    public required int GeneratedTokens { get; init; }

    /// <summary>Tokens of thoughts among them, with the marks around thoughts.</summary>
    public int ReasoningTokens { get; init; }

    /// <summary>Whether the text was not computed for this request, but for an equal one.</summary>
    public bool IsFromCache { get; init; }

    /// <summary>Whether it ended within a thought, before an answer began.</summary>
    public bool EndedInThought { get; init; }

    /// <summary>What was reused instead of computed.</summary>
    public required ReuseFigures Reuse { get; init; }

    /// <summary>
    /// The tokens of the answer, without the one that ended it; <see langword="null"/> if they spell other text too: a thought, marks, or a stop
    /// sequence.
    /// </summary>
    public int[]? AnswerTokens { get; init; }

    /// <summary>Tokens that were proposed from prompt and answer, and computed before they were chosen.</summary>
    public int ProposedTokens { get; init; }

    /// <summary>Generated tokens that were proposed.</summary>
    public int AcceptedTokens { get; init; }

    /// <summary>The raw output; <see langword="null"/> if the request did not ask for it.</summary>
    public CompletionOutput? Output { get; init; }

    /// <summary>Time to find and restore KV states.</summary>
    public TimeSpan Restore { get; init; }

    /// <summary>Time spent in the queue.</summary>
    public required TimeSpan Queue { get; init; }

    /// <summary>Time from the first slice of the prompt to the first token.</summary>
    public required TimeSpan Prefill { get; init; }

    /// <summary>Time from the first token to the last.</summary>
    public required TimeSpan Decode { get; init; }

    /// <summary>When the first token was chosen, as a timestamp of the loop's <see cref="TimeProvider"/>.</summary>
    public required long FirstTokenTimestamp { get; init; }
}
