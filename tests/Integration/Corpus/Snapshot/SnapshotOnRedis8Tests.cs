using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Corpus.Snapshot;

public sealed class SnapshotOnRedis8Tests(Redis8Fixture server) : SnapshotContractTests(server), IClassFixture<Redis8Fixture>;
