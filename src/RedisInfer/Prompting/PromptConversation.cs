namespace RedisInfer.Prompting;

/// <summary>What a question follows.</summary>
/// <param name="Turns">The earlier turns, oldest first.</param>
/// <param name="Instructions">Instructions of the request; may be empty.</param>
internal sealed record PromptConversation(IReadOnlyList<RagTurn> Turns, string Instructions)
{
    /// <summary>Nothing.</summary>
    public static PromptConversation None { get; } = new([], "");
}
