using RedisInfer.Tests.Integration.Inference;

namespace RedisInfer.Tests.LLamaSharp;

public sealed class LLamaSharpDecodeTests(LLamaSharpUnderTest engine) : DecodeContractTests(engine);
