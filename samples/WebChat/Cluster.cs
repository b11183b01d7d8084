using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using RedisInfer.Extensions;

namespace WebChat;

/// <summary>Lets servers on this machine answer each other's questions.</summary>
internal static class Cluster
{
    private const string Name = "webchat";

    // The ports of the silo follow from that of the page, so that servers on one machine have different ones.
    private const int Span = 10_000;
    private const int SiloPorts = 10_000;
    private const int GatewayPorts = 20_000;

    public static void Join(WebApplicationBuilder builder, IRedisInferBuilder rag, string redis, Uri address)
    {
        builder.Logging.AddFilter("Orleans", LogLevel.Warning);
        builder.Host.UseOrleans(silo => silo
            .UseRedisInferCluster(redis)
            .Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (Name, Name))
            .Configure<SiloOptions>(options => options.SiloName = address.Authority)
            .Configure<EndpointOptions>(options =>
            {
                options.AdvertisedIPAddress = IPAddress.Loopback;
                options.SiloPort = SiloPorts + (address.Port % Span);
                options.GatewayPort = GatewayPorts + (address.Port % Span);
            }));
        rag.UseOrleans();
    }
}
