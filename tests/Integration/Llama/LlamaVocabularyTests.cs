using RedisInfer.Tests.Integration.Inference;

namespace RedisInfer.Tests.Integration.Llama;

public sealed class LlamaVocabularyTests(LlamaUnderTest engine) : VocabularyContractTests(engine);
