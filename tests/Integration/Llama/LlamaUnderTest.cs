using RedisInfer.Inference;
using RedisInfer.Llama;
using RedisInfer.Tests.Integration.Inference;
using RedisInfer.Tests.Integration.Llama;
using RedisInfer.Tests.Support.Gguf;

[assembly: AssemblyFixture(typeof(LlamaUnderTest))]

namespace RedisInfer.Tests.Integration.Llama;

/// <summary>llama.cpp with the small models that the tests generate.</summary>
public sealed class LlamaUnderTest() : EngineUnderTest(new LlamaEngine())
{
    public override string TextPath => TestModels.Text;

    public override string OtherTextPath => TestModels.OtherText;

    public override IReadOnlyDictionary<EmbeddingPooling, string> EmbeddingPaths { get; } = new Dictionary<EmbeddingPooling, string>
    {
        [EmbeddingPooling.Mean] = TestModels.BertEmbedding,
        [EmbeddingPooling.Cls] = TestModels.BertClsEmbedding,
        [EmbeddingPooling.Last] = TestModels.Qwen3Embedding,
    };
}
