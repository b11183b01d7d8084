using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Corpus.Snapshot;

public sealed class SnapshotOnValkeyTests(ValkeyFixture server) : SnapshotContractTests(server), IClassFixture<ValkeyFixture>;
