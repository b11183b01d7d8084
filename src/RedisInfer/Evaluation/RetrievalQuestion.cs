namespace RedisInfer.Evaluation;

/// <summary>A question about indexed documents, and where its answer is.</summary>
/// <param name="Question">The question, as a user would ask it.</param>
/// <param name="Paths">Paths of the documents that contain the answer, any of them; empty if none does.</param>
public sealed record RetrievalQuestion(string Question, IReadOnlyList<string> Paths);
