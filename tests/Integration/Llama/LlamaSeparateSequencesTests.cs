using RedisInfer.Tests.Integration.Inference;

namespace RedisInfer.Tests.Integration.Llama;

public sealed class LlamaSeparateSequencesTests(LlamaUnderTest engine) : SeparateSequencesContractTests(engine);
