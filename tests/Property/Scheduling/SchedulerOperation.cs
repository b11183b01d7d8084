namespace RedisInfer.Tests.Property.Scheduling;

/// <summary>Something that happens to a scheduler.</summary>
/// <param name="Kind">What.</param>
/// <param name="Number">Which request, which caller, how long: whatever the kind makes of it.</param>
public sealed record SchedulerOperation(SchedulerOperationKind Kind, int Number);
