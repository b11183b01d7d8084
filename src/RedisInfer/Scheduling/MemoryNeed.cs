namespace RedisInfer.Scheduling;

/// <summary>A part of a runtime that takes memory.</summary>
/// <param name="What">Its name, for <see cref="MemoryBudget.Arithmetic"/>.</param>
/// <param name="Bytes">Bytes it takes.</param>
internal sealed record MemoryNeed(string What, long Bytes);
