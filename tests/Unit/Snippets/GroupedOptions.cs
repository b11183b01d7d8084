using Microsoft.Extensions.DependencyInjection;
using RedisInfer;

namespace Snippets;

internal static class GroupedOptions
{
    public static void AddTo(IServiceCollection services)
    {
        services.AddRedisInfer(o =>
        {
            o.ModelPath = "models/Qwen3-4B-Q4_K_M.gguf";
            o.Redis = "localhost:6379";
            o.Retrieval.TopK = 8;
            o.Retrieval.Mode = RetrievalMode.Lexical;
            o.Capacity.MaxConcurrentRequests = 2;
            o.Memory.LimitBytes = 8L << 30;
            o.KvCache.PassageReuse = PassageReuse.Independent;
        });
    }
}
