using RedisInfer.Tests.Integration.Inference;

namespace RedisInfer.Tests.LLamaSharp;

public sealed class LLamaSharpTokenizerTests(LLamaSharpUnderTest engine) : TokenizerContractTests(engine);
