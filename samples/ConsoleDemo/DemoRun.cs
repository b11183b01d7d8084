using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RedisInfer;

namespace ConsoleDemo;

/// <summary>Runs a command: starts the host, prepares the index, does the work and stops the host. Prints a failure as one line.</summary>
internal static class DemoRun
{
    public static async Task<int> RunAsync(DemoOptions options, Func<RagRuntime, CancellationToken, Task<int>> work)
    {
        try
        {
            if (!Directory.Exists(options.Docs))
            {
                return ErrorLine.Write($"There is no folder '{options.Docs}': give an existing one as --docs.");
            }

            using IHost host = DemoHost.Build(options);
            await host.StartAsync();
            CancellationToken stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
            int status;
            try
            {
                var runtime = host.Services.GetRequiredService<RagRuntime>();
                await Preparation.RunAsync(runtime, options, stopping);
                status = await work(runtime, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                status = ErrorLine.InterruptedStatus;
            }

            await host.StopAsync(CancellationToken.None);
            return status;
        }
        catch (Exception failure) when (!options.Verbose)
        {
            return ErrorLine.Write(failure);
        }
    }
}
