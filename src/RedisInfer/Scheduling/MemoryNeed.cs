namespace RedisInfer.Scheduling;

/// <summary>Something that takes memory.</summary>
/// <param name="What">What it is, for the arithmetic that a person reads.</param>
/// <param name="Bytes">Bytes it takes.</param>
internal sealed record MemoryNeed(string What, long Bytes);
