using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RedisInfer;

namespace Snippets;

internal static class ClusterHosts
{
    public static void AddHost(HostApplicationBuilder builder)
    {
        builder.UseOrleans(silo => silo.UseRedisInferCluster("redis:6379"));
        builder.Services.AddRedisInfer(o =>
        {
            o.ModelPath = "models/Qwen3-4B-Q4_K_M.gguf";
            o.Redis = "redis:6379";
        })
        .UseOrleans();
    }

    public static void AddClient(HostApplicationBuilder builder)
    {
        builder.UseOrleansClient(client => client.UseRedisInferCluster("redis:6379"));
        builder.Services.AddRedisInferClient();
    }

    public static async Task AskAsync(IRagGenerator rag)
    {
        RagAnswer answer = await rag.GenerateAsync(new RagRequest("How long are backups kept?"));
        Console.WriteLine($"{answer.Route?.Host}: {answer.Text}");
    }
}
