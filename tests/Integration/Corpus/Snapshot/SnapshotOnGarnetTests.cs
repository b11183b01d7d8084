using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Corpus.Snapshot;

public sealed class SnapshotOnGarnetTests(GarnetFixture server) : SnapshotContractTests(server), IClassFixture<GarnetFixture>;
