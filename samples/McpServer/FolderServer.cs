using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RedisInfer;
using Samples.Common;

namespace McpServer;

/// <summary>Runs the server until its client closes the connection.</summary>
internal static class FolderServer
{
    public static async Task<int> RunAsync(ServerOptions options, CancellationToken cancellationToken)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning);
        options.Register(builder.Services);
        builder.Services.AddSingleton(services => new SyncedFolder(
            services.GetRequiredService<IRagIndex>(), options.Docs, services.GetRequiredService<ILogger<SyncedFolder>>()));
        builder.Services.AddMcpServer(server => server.ServerInstructions =
                $"Searches the documents of the folder '{Path.GetFileName(options.Docs)}', and answers questions from them, with citations.")
            .WithStdioServerTransport()
            .WithRequestFilters(filters => filters.AddCallToolFilter(ClearErrors.Filter))
            .WithTools<FolderTools>(ToolJson.Options);
        using IHost host = builder.Build();
        await host.RunAsync(cancellationToken);
        return 0;
    }
}
