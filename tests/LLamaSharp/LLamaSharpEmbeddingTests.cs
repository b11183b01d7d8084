using RedisInfer.Tests.Integration.Inference;

namespace RedisInfer.Tests.LLamaSharp;

public sealed class LLamaSharpEmbeddingTests(LLamaSharpUnderTest engine) : EmbeddingContractTests(engine);
