using RedisInfer.Tests.Integration.Inference;

namespace RedisInfer.Tests.Integration.Llama;

public sealed class LlamaTokenizerTests(LlamaUnderTest engine) : TokenizerContractTests(engine);
