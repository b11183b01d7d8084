namespace RedisInfer.Tests.Property.Scheduling;

/// <summary>What can happen to a scheduler.</summary>
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
