using RedisInfer.Inference;
using RedisInfer.Tests.Support.Gguf;

namespace RedisInfer.Tests.Integration.Inference;

/// <summary>
/// One implementation of the inference port, with the small models that the contract suites need. Each model is loaded once.
/// To test another engine, derive from this class and from each suite.
/// </summary>
public abstract class EngineUnderTest(IInferenceEngine engine) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, IInferenceModel> _models = new(StringComparer.Ordinal);

    public IInferenceEngine Engine { get; } = engine;

    /// <summary>A model file that generates text.</summary>
    public string TextPath => TestModels.Text;

    /// <summary>A model file with the same vocabulary and other weights.</summary>
    public string OtherTextPath => TestModels.OtherText;

    /// <summary>Embedding models, by pooling type.</summary>
    public IReadOnlyDictionary<EmbeddingPooling, string> EmbeddingPaths { get; } = new Dictionary<EmbeddingPooling, string>
    {
        [EmbeddingPooling.Mean] = TestModels.BertEmbedding,
        [EmbeddingPooling.Cls] = TestModels.BertClsEmbedding,
        [EmbeddingPooling.Last] = TestModels.Qwen3Embedding,
    };

    public IInferenceModel Text => Load(TextPath);

    public IInferenceModel OtherText => Load(OtherTextPath);

    public IInferenceModel Embedding(EmbeddingPooling pooling) => Load(EmbeddingPaths[pooling]);

    public IInferenceModel Load(string path)
    {
        lock (_gate)
        {
            if (!_models.TryGetValue(path, out IInferenceModel? model))
            {
                model = Engine.LoadModelAsync(new ModelOptions { Path = path }, null, CancellationToken.None).GetAwaiter().GetResult();
                _models.Add(path, model);
            }

            return model;
        }
    }

    public void Dispose()
    {
        foreach (IInferenceModel model in _models.Values)
        {
            model.Dispose();
        }

        GC.SuppressFinalize(this);
    }
}
