namespace RedisInfer.Tests.Property.Scheduling;

/// <summary>One operation on a scheduler.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Number">Determines the request, the caller or the duration, as the kind requires.</param>
public sealed record SchedulerOperation(SchedulerOperationKind Kind, int Number);
