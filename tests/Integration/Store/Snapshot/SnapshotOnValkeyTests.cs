using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Store.Snapshot;

public sealed class SnapshotOnValkeyTests(ValkeyFixture server) : SnapshotContractTests(server), IClassFixture<ValkeyFixture>;
