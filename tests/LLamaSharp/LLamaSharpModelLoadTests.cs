using RedisInfer.Tests.Integration.Inference;

namespace RedisInfer.Tests.LLamaSharp;

public sealed class LLamaSharpModelLoadTests(LLamaSharpUnderTest engine) : ModelLoadContractTests(engine);
