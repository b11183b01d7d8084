using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace RedisInfer.Orleans.Placement;

/// <summary>
/// Loads the runtimes of this silo, and tells the other silos their load. As Orleans' own statistics, every silo sends to every other.
/// </summary>
internal sealed partial class ReportService(
    GrainId id,
    Silo silo,
    SiloTable silos,
    ReportClient client,
    IOptions<OrleansRoutingOptions> options,
    TimeProvider time,
    ILoggerFactory loggers)
    : GrainService(id, silo, loggers), IReportService
{
    private static readonly TimeSpan LoadRetryInterval = TimeSpan.FromSeconds(5);

    private readonly ILogger _logger = loggers.CreateLogger<ReportService>();

    public Task TakeAsync(SiloReport report)
    {
        silos.Take(report);
        return Task.CompletedTask;
    }

    protected override Task StartInBackground()
    {
        CancellationToken stopped = StoppedCancellationTokenSource.Token;
        return Task.WhenAll([ReportAsync(stopped), .. silos.Runtimes.Select(runtime => LoadAsync(runtime, stopped))]);
    }

    private async Task ReportAsync(CancellationToken stopped)
    {
        using var timer = new PeriodicTimer(options.Value.ReportInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopped))
            {
                SiloReport report = silos.Describe();
                foreach (SiloAddress other in silos.Others())
                {
                    client.SendAsync(other, report).Ignore();
                }
            }
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
            // The silo stops.
        }
    }

    private async Task LoadAsync(LocalRuntime runtime, CancellationToken stopped)
    {
        while (!stopped.IsCancellationRequested)
        {
            try
            {
                string group = await runtime.GetGroupAsync(stopped);
                LogJoined(silos.LocalName, group);
                return;
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                LogNotLoaded(problem, LoadRetryInterval.TotalSeconds);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(LoadRetryInterval, time, stopped).ContinueWith(_ => { }, TaskScheduler.Current);
        }
    }

    [LoggerMessage(EventId = 800, Level = LogLevel.Information, Message = "{Silo} answers questions of the group {Group}. Only silos of one group answer for each other.")]
    private partial void LogJoined(string silo, string group);

    [LoggerMessage(EventId = 801, Level = LogLevel.Error, Message = "This silo answers no questions of others, because its model cannot be loaded. Trying again in {Seconds} s.")]
    private partial void LogNotLoaded(Exception problem, double seconds);
}
