namespace RedisInfer.Inference;

/// <summary>Chooses the tokens of one sequence and keeps the sampling state of that sequence. Used by one thread at a time.</summary>
public interface ISampler : IDisposable;
