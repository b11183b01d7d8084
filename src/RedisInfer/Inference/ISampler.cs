namespace RedisInfer.Inference;

/// <summary>The choice of tokens for one sequence, with what it remembers of that sequence. Used by one thread at a time.</summary>
public interface ISampler : IDisposable;
