using RedisInfer.Tests.Integration.Inference;

namespace RedisInfer.Tests.LLamaSharp;

public sealed class LLamaSharpRecurrentModelTests(LLamaSharpUnderTest engine) : RecurrentModelContractTests(engine);
