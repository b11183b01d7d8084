using RedisInfer.Tests.Integration.Inference;

namespace RedisInfer.Tests.LLamaSharp;

public sealed class LLamaSharpStateTests(LLamaSharpUnderTest engine) : StateContractTests(engine);
