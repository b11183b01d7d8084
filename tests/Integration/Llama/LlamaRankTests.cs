using RedisInfer.Tests.Integration.Inference;

namespace RedisInfer.Tests.Integration.Llama;

public sealed class LlamaRankTests(LlamaUnderTest engine) : RankContractTests(engine);
