namespace RedisInfer.Orleans.Relay;

/// <summary>A step of an attempt.</summary>
/// <param name="Host">Name of the host, if this step tells it.</param>
/// <param name="Update">A piece of the answer; <see langword="null"/>: a sign of life.</param>
internal readonly record struct AttemptStep(string? Host, RagUpdate? Update);
