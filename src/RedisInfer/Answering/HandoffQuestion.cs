using RedisInfer.Retrieval;

namespace RedisInfer.Answering;

/// <summary>A question with its passages as hosts send it.</summary>
internal sealed record HandoffQuestion(HandoffRequest Request, RetrievalResult Result, bool IsRepeatable);
