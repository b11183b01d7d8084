namespace RedisInfer.Retrieval;

/// <summary>A text that came before a question, by whose words is searched too.</summary>
/// <param name="Text">The text.</param>
/// <param name="Weight">How much each of its words counts, compared with a word of the question.</param>
internal readonly record struct EarlierText(string Text, float Weight);
