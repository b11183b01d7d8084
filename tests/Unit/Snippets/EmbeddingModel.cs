using Microsoft.Extensions.DependencyInjection;

namespace Snippets;

internal static class EmbeddingModel
{
    public static void AddTo(IServiceCollection services)
    {
        services.AddRedisInfer(o =>
        {
            o.ModelPath = "models/Qwen3-4B-Q4_K_M.gguf";
            o.EmbeddingModelPath = "models/Qwen3-Embedding-0.6B-Q8_0.gguf";
            o.Redis = "localhost:6379";
            o.Corpus = "handbook-qwen3-embedding";
        })
        .WarmUpOnStart();
    }
}
