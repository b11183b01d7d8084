using RedisInfer.Tests.Integration.Inference;

namespace RedisInfer.Tests.Integration.Llama;

public sealed class LlamaRecurrentModelTests(LlamaUnderTest engine) : RecurrentModelContractTests(engine);
