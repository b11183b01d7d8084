using Orleans.Runtime.Services;

namespace RedisInfer.Orleans.Placement;

/// <summary>Sends reports to other silos.</summary>
internal sealed class ReportClient(IServiceProvider services) : GrainServiceClient<IReportService>(services)
{
    public Task SendAsync(SiloAddress silo, SiloReport report) => GetGrainService(silo).TakeAsync(report);
}
