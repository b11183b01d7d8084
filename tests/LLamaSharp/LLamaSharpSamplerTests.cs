using RedisInfer.Tests.Integration.Inference;

namespace RedisInfer.Tests.LLamaSharp;

public sealed class LLamaSharpSamplerTests(LLamaSharpUnderTest engine) : SamplerContractTests(engine);
