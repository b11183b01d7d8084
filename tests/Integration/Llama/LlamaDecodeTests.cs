using RedisInfer.Tests.Integration.Inference;

namespace RedisInfer.Tests.Integration.Llama;

public sealed class LlamaDecodeTests(LlamaUnderTest engine) : DecodeContractTests(engine);
