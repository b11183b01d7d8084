using RedisInfer.Tests.Integration.Llama;
using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.KvBlocks;

public sealed class KvBlockStoreOnRedis7Tests(Redis7Fixture server, LlamaUnderTest engine)
    : KvBlockStoreContractTests(server, engine), IClassFixture<Redis7Fixture>;
