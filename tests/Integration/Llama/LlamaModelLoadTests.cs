using RedisInfer.Tests.Integration.Inference;

namespace RedisInfer.Tests.Integration.Llama;

public sealed class LlamaModelLoadTests(LlamaUnderTest engine) : ModelLoadContractTests(engine);
