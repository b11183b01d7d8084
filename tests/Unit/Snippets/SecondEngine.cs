using Microsoft.Extensions.DependencyInjection;

namespace Snippets;

internal static class SecondEngine
{
    public static void AddTo(IServiceCollection services)
    {
        services.AddRedisInfer(o => o.ModelPath = "models/Qwen3-4B-Q4_K_M.gguf")
            .UseLLamaSharp()
            .UseEmbeddedGarnet(garnet => garnet.DataDirectory = "data/redisinfer");
    }
}
