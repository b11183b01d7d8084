using RedisInfer.Tests.Integration.Llama;
using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.KvBlocks;

public sealed class KvBlockStoreOnRedis8Tests(Redis8Fixture server, LlamaUnderTest engine)
    : KvBlockStoreContractTests(server, engine), IClassFixture<Redis8Fixture>;
