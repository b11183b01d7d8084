using RedisInfer.Tests.Integration.Inference;

namespace RedisInfer.Tests.LLamaSharp;

public sealed class LLamaSharpSeparateSequencesTests(LLamaSharpUnderTest engine) : SeparateSequencesContractTests(engine);
