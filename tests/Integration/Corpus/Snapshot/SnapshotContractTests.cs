using FsCheck;
using FsCheck.Fluent;
using RedisInfer.Tests.Support.Servers;
using StackExchange.Redis;

namespace RedisInfer.Tests.Integration.Corpus.Snapshot;

/// <summary>A question sees each document as it was at one instant, even if documents change or writers die meanwhile.</summary>
public abstract class SnapshotContractTests(ServerFixture server)
{
    private static readonly Gen<SnapshotOperation> Operation =
        from kind in Gen.Frequency(
            (6, Gen.Constant(SnapshotOperationKind.Write)),
            (6, Gen.Constant(SnapshotOperationKind.Change)),
            (3, Gen.Constant(SnapshotOperationKind.Remove)),
            (1, Gen.Constant(SnapshotOperationKind.Die)),
            (1, Gen.Constant(SnapshotOperationKind.CleanUp)))
        from document in Gen.Choose(0, SnapshotRun.Documents - 1)
        from number in Gen.Choose(0, 10_000)
        select new SnapshotOperation(kind, document, number);

    [Theory]
    [InlineData(1 << 20)]
    [InlineData(0)]
    public async Task EveryAnswerIsOfWhatTheDocumentsWereWhileItWasMade(long vectorMemoryBytes)
    {
        IConnectionMultiplexer connection = await server.ConnectAsync();

        Prop.ForAll(
            Operation.ListOf().ToArbitrary(),
            operations => new SnapshotRun(connection, vectorMemoryBytes).Do([.. operations]))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(12).WithStartSize(20).WithEndSize(120));

        Assert.True(SnapshotRun.QuestionsAmidChanges > 0, "No question was ever asked during a change.");
    }
}
