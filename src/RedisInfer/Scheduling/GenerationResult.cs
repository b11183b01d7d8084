namespace RedisInfer.Scheduling;

/// <summary>How a generation ended, and what it took.</summary>
internal sealed record GenerationResult
{
    /// <summary>Whether the model or a stop sequence ended the text; otherwise the limit of tokens did.</summary>
    public required bool Stopped { get; init; }

    /// <summary>Tokens generated, the one that ended the text included.</summary>
    public required int GeneratedTokens { get; init; }

    /// <summary>Prompt tokens that were not computed, because their attention states were there.</summary>
    public int ReusedTokens { get; init; }

    /// <summary>Those of them that came from the store; the others were in the context.</summary>
    public int RestoredTokens { get; init; }

    /// <summary>Bytes read from the store for them.</summary>
    public long RestoredBytes { get; init; }

    /// <summary>How these were loaded; null where none were.</summary>
    public string? RestoreStrategy { get; init; }

    /// <summary>Why not by the way that was tried first.</summary>
    public string? RestoreReason { get; init; }

    /// <summary>Time spent finding and restoring states.</summary>
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
