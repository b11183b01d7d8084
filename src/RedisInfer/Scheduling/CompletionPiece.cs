namespace RedisInfer.Scheduling;

/// <summary>A piece of a generated text.</summary>
/// <param name="Text">The text; not empty.</param>
/// <param name="IsThought">Whether it is part of a thought, and not of the answer.</param>
internal readonly record struct CompletionPiece(string Text, bool IsThought);
