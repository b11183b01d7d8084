using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace RedisInfer.Redis;

/// <summary>Formats server addresses for messages.</summary>
internal static class EndPointText
{
    public static string Of(EndPoint endPoint) => endPoint switch
    {
        DnsEndPoint dns => string.Create(CultureInfo.InvariantCulture, $"{dns.Host}:{dns.Port}"),
        IPEndPoint ip => ip.ToString(),
        UnixDomainSocketEndPoint unix => unix.ToString(),
        _ => endPoint.ToString() ?? endPoint.GetType().Name,
    };

    public static string Of(IEnumerable<EndPoint> endPoints) => "Redis at " + string.Join(", ", endPoints.Select(Of));
}
