using RedisInfer.Tests.Integration.Inference;

namespace RedisInfer.Tests.Integration.Llama;

public sealed class LlamaSamplerTests(LlamaUnderTest engine) : SamplerContractTests(engine);
