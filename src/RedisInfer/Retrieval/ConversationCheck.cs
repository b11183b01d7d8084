namespace RedisInfer.Retrieval;

/// <summary>Checks what a request says of its conversation.</summary>
internal static class ConversationCheck
{
    /// <summary>Finds the first problem.</summary>
    /// <param name="request">The request.</param>
    /// <param name="maxCharacters">Most characters of a text.</param>
    /// <returns>What is wrong, and what to do; <see langword="null"/> if nothing is.</returns>
    public static string? FindProblem(RagRequest request, int maxCharacters)
    {
        if (request.Instructions is null)
            return "Instructions is null: set it to an empty string for none.";
        if (request.Instructions.Length > maxCharacters)
            return $"Instructions has {request.Instructions.Length} characters: use at most {maxCharacters}.";
        IReadOnlyList<RagTurn> history = request.History ?? [];
        if (history.Count > RagRequest.MaxHistoryTurns)
            return $"History has {history.Count} turns: give the last {RagRequest.MaxHistoryTurns}.";
        for (int i = 0; i < history.Count; i++)
        {
            if (history[i] is not { } turn)
                return $"Turn {i + 1} of History is null: leave it out.";
            if (turn.FindProblem(maxCharacters) is { } problem)
                return $"Turn {i + 1} of History {problem}.";
        }

        return null;
    }
}
