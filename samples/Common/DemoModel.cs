using RedisInfer;

namespace Samples.Common;

/// <summary>What the samples run with if nothing else is named: files next to the program.</summary>
internal static class DemoModel
{
    // The demo model answers in one sentence and has a small context window. A low output limit leaves more of the window for
    // passages. The model copies better from few passages.
    private const int OutputTokens = 96;
    private const int Passages = 3;

    /// <summary>The model that answers.</summary>
    public static string ModelPath { get; } = Path.Combine(AppContext.BaseDirectory, "models", "demo", "redisinfer-demo.gguf");

    /// <summary>The embedding model, or <see langword="null"/> if it was not built.</summary>
    public static string? EmbeddingModelPath { get; } =
        Path.Combine(AppContext.BaseDirectory, "models", "embedding", "all-MiniLM-L6-v2-q8_0.gguf") is var path && File.Exists(path) ? path : null;

    /// <summary>A folder of documents.</summary>
    public static string HandbookPath { get; } = Path.Combine(AppContext.BaseDirectory, "handbook");

    /// <summary>Sets what suits the demo model, if it is the one that answers.</summary>
    public static void Tune(RedisInferOptions options)
    {
        if (options.ModelPath == ModelPath)
        {
            options.Retrieval.TopK = Passages;
            options.MaxOutputTokens = OutputTokens;
            options.Engine.Threads = 1; // a model this small gains nothing from more, and loses much if other programs are busy
        }
    }
}
