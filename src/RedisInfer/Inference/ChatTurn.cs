namespace RedisInfer.Inference;

/// <summary>One turn of a conversation.</summary>
/// <param name="Role"><c>system</c>, <c>user</c> or <c>assistant</c>.</param>
/// <param name="Content">The text of the turn.</param>
public readonly record struct ChatTurn(string Role, string Content);
