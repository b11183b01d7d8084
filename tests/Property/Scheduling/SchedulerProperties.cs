using FsCheck;
using FsCheck.Fluent;

namespace RedisInfer.Tests.Property.Scheduling;

public sealed class SchedulerProperties
{
    private static readonly Gen<SchedulerOperation> Operation =
        from kind in Gen.Frequency(
            (4, Gen.Constant(SchedulerOperationKind.Submit)),
            (12, Gen.Constant(SchedulerOperationKind.Step)),
            (2, Gen.Constant(SchedulerOperationKind.StepAborted)),
            (1, Gen.Constant(SchedulerOperationKind.StepFails)),
            (1, Gen.Constant(SchedulerOperationKind.SampleFails)),
            (2, Gen.Constant(SchedulerOperationKind.Cancel)),
            (6, Gen.Constant(SchedulerOperationKind.ReaderReads)))
        from number in Gen.Choose(0, 10_000)
        select new SchedulerOperation(kind, number);

    [Fact]
    public void WhateverHappensTheBudgetHoldsTurnsAreKeptAndEveryRequestEnds()
    {
        Prop.ForAll(Operation.ListOf().ToArbitrary(), ArbMap.Default.ArbFor<bool>(), ArbMap.Default.ArbFor<bool>(), (operations, canSplitSequences, separateSequences) =>
        {
            using var run = new SchedulerRun(canSplitSequences, separateSequences);
            foreach (SchedulerOperation operation in operations)
            {
                run.Do(operation);
            }

            run.Finish();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400).WithEndSize(200));

        Assert.True(SchedulerRun.ReusedTokens > 0, "No token was ever reused.");
        Assert.True(SchedulerRun.IndependentTokens > 0, "No passage was ever computed independently.");
    }
}
