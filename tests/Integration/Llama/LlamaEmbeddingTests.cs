using RedisInfer.Tests.Integration.Inference;

namespace RedisInfer.Tests.Integration.Llama;

public sealed class LlamaEmbeddingTests(LlamaUnderTest engine) : EmbeddingContractTests(engine);
