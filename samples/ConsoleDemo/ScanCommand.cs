using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RedisInfer;

namespace ConsoleDemo;

/// <summary>Shows what would be indexed of a folder, and what not, and why. Loads no model and starts no server.</summary>
internal static class ScanCommand
{
    public static async Task<int> RunAsync(DemoOptions options, bool json, CancellationToken cancellationToken)
    {
        try
        {
            // The host is not started: only the readers of documents are used.
            using IHost host = DemoHost.Build(options);
            IRagIndex index = host.Services.GetRequiredService<RagRuntime>().Index;
            List<ScannedFile> files = await index.ScanDirectoryAsync(options.Docs, cancellationToken: cancellationToken)
                .ToListAsync(cancellationToken);
            if (json)
            {
                JsonLine.Write(JsonScan.From(files), DemoJsonContext.Readable.JsonScan);
            }
            else
            {
                ScanTree.Show(Terminal.Output, options.Docs, files);
            }

            return 0;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ErrorLine.InterruptedStatus;
        }
        catch (Exception failure) when (!options.Verbose)
        {
            return ErrorLine.Write(failure);
        }
    }
}
