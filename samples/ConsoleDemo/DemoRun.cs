using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RedisInfer;

namespace ConsoleDemo;

/// <summary>Runs a command: starts the host, prepares the index, does the work and stops the host. Prints a failure as one line.</summary>
internal static class DemoRun
{
    /// <summary>Runs a command.</summary>
    /// <param name="options">The options.</param>
    /// <param name="work">The work.</param>
    /// <param name="loadsModel">Whether the work needs the answering model.</param>
    public static async Task<int> RunAsync(
        DemoOptions options, Func<RagRuntime, CancellationToken, Task<int>> work, bool loadsModel = true)
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
                await Preparation.RunAsync(runtime, options, loadsModel, stopping);
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

    /// <summary>Reads a file of questions and runs a command on them.</summary>
    public static async Task<int> WithQuestionsAsync(string questionFile, Func<IReadOnlyList<AskedQuestion>, Task<int>> run)
    {
        IReadOnlyList<AskedQuestion> questions;
        try
        {
            questions = QuestionFile.Read(questionFile);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return ErrorLine.Write(failure.Message);
        }

        return await run(questions);
    }
}
