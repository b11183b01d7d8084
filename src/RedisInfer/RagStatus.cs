using RedisInfer.Scheduling;

namespace RedisInfer;

/// <summary>How a runtime stands, at one moment.</summary>
/// <param name="Requests">Queue, running requests, KV cache and counts; null until the model that answers is loaded.</param>
/// <param name="Memory">What the runtime needs against what there is, for a person to read; null until it was worked out.</param>
public sealed record RagStatus(SchedulerStatus? Requests, string? Memory);
