using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Corpus.Snapshot;

public sealed class SnapshotOnRedis7Tests(Redis7Fixture server) : SnapshotContractTests(server), IClassFixture<Redis7Fixture>;
