namespace RedisInfer.Tests.Property.Scheduling;

/// <summary>The operations on a scheduler.</summary>
public enum SchedulerOperationKind
{
    Submit,
    Step,
    StepAborted,
    StepFails,
    SampleFails,
    Cancel,
    ReaderReads,
}
