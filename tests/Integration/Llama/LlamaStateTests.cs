using RedisInfer.Tests.Integration.Inference;

namespace RedisInfer.Tests.Integration.Llama;

public sealed class LlamaStateTests(LlamaUnderTest engine) : StateContractTests(engine);
