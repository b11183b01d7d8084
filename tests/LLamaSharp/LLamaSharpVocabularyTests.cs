using RedisInfer.Tests.Integration.Inference;

namespace RedisInfer.Tests.LLamaSharp;

public sealed class LLamaSharpVocabularyTests(LLamaSharpUnderTest engine) : VocabularyContractTests(engine);
