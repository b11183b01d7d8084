using RedisInfer.Tests.Integration.Inference;

namespace RedisInfer.Tests.LLamaSharp;

public sealed class LLamaSharpRankTests(LLamaSharpUnderTest engine) : RankContractTests(engine);
