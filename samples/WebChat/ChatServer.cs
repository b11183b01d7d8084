using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using RedisInfer.Extensions;
using Samples.Common;

namespace WebChat;

/// <summary>Runs the page's server until it is stopped.</summary>
internal static class ChatServer
{
    public static async Task<int> RunAsync(ServerOptions options, Uri address, bool isInCluster, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls(address.ToString());
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        IRedisInferBuilder rag = options.Register(builder.Services);
        if (isInCluster)
        {
            Cluster.Join(builder, rag, options.Redis!, address);
        }

        builder.Services.AddSingleton(options).AddSingleton<DroppedFiles>().AddSingleton<Conversations>().AddSingleton<Library>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Library>());
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase)));
        builder.Services.Configure<FormOptions>(form => form.MultipartBodyLengthLimit = DroppedFiles.MaxRequestBytes);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = DroppedFiles.MaxRequestBytes);

        // Another site that a browser shows must reach this server neither by a name that leads to it, nor by a request of its own.
        if (address.IsLoopback)
        {
            builder.Services.Configure<HostFilteringOptions>(hosts => hosts.AllowedHosts = ["localhost", "127.0.0.1", "[::1]"]);
        }

        await using WebApplication app = builder.Build();
        app.UseHostFiltering();
        app.Use(OwnPage.RequireAsync);
        app.UseDefaultFiles();
        app.UseStaticFiles();
        app.MapGet("/api/status", (Library library, CancellationToken aborted) => library.ReadStatusAsync(aborted));
        app.MapPost("/api/files", Endpoints.AddFilesAsync).DisableAntiforgery();
        app.MapPost("/api/ask", Endpoints.Ask);
        await app.StartAsync(cancellationToken);
        Console.WriteLine($"Open {app.Urls.First()} in a browser. Ctrl+C ends.");
        await app.WaitForShutdownAsync(cancellationToken);
        return 0;
    }
}
