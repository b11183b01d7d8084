using Orleans.Concurrency;
using Orleans.Services;

namespace RedisInfer.Orleans.Placement;

/// <summary>Takes the reports of other silos.</summary>
[Alias("redisinfer.reports")]
internal interface IReportService : IGrainService
{
    [OneWay, Alias("take")]
    Task TakeAsync(SiloReport report);
}
