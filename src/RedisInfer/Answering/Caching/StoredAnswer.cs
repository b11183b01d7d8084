namespace RedisInfer.Answering.Caching;

/// <summary>What a model wrote, as it is kept.</summary>
internal sealed record StoredAnswer
{
    /// <summary>The thought before the answer; empty if there is none.</summary>
    public required string Thought { get; init; }

    /// <summary>The answer.</summary>
    public required string Text { get; init; }

    /// <inheritdoc cref="Scheduling.CompletionResult.Stopped"/>
    public required bool Stopped { get; init; }

    /// <inheritdoc cref="Scheduling.CompletionResult.EndedInThought"/>
    public required bool EndedInThought { get; init; }

    /// <inheritdoc cref="Scheduling.CompletionResult.GeneratedTokens"/>
    public required int GeneratedTokens { get; init; }

    /// <inheritdoc cref="Scheduling.CompletionResult.ReasoningTokens"/>
    public required int ReasoningTokens { get; init; }

    /// <inheritdoc cref="Scheduling.CompletionResult.AnswerTokens"/>
    public required int[]? AnswerTokens { get; init; }
}
