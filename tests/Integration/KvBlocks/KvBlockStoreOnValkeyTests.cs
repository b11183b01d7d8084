using RedisInfer.Tests.Integration.Llama;
using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.KvBlocks;

public sealed class KvBlockStoreOnValkeyTests(ValkeyFixture server, LlamaUnderTest engine)
    : KvBlockStoreContractTests(server, engine), IClassFixture<ValkeyFixture>;
