using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RedisInfer;

namespace Snippets;

internal static class HostApplication
{
    public static async Task RunAsync(string[] args)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
        builder.Services.AddRedisInfer(o =>
        {
            o.ModelPath = "models/Qwen3-4B-Q4_K_M.gguf";
            o.Redis = "localhost:6379";
        });
        using IHost host = builder.Build();
        await host.StartAsync();

        IRagIndex index = host.Services.GetRequiredService<IRagIndex>();
        await foreach (IndexedDocument document in index.AddDirectoryAsync("docs"))
            Console.WriteLine($"{document.Status}: {document.Path}");

        IRagGenerator rag = host.Services.GetRequiredService<IRagGenerator>();
        RagAnswer answer = await rag.GenerateAsync(new RagRequest("How long are backups kept?"));
        Console.WriteLine(answer.Text);
        foreach (RagCitation citation in answer.Citations)
            Console.WriteLine($"[{citation.Number}] {citation.Path}:{citation.StartLine}-{citation.EndLine}");

        await host.StopAsync();
    }
}
