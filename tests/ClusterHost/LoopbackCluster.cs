using System.Diagnostics;
using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.ClusterHost;

/// <summary>A Redis and several hosts, each a process, on loopback.</summary>
public sealed class LoopbackCluster : IAsyncDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan JoinLimit = TimeSpan.FromMinutes(1);

    private readonly List<ClusterProcess> _hosts = [];
    private readonly ClusterHostSettings _settings;

    private LoopbackCluster(ClusterHostSettings settings) => _settings = settings;

    /// <summary>The hosts that were started and not removed, in the order of their start.</summary>
    public IReadOnlyList<ClusterProcess> Hosts => _hosts;

    /// <summary>Starts hosts on a server, and waits until each knows all.</summary>
    /// <param name="redis">The server.</param>
    /// <param name="modelPath">The model.</param>
    /// <param name="count">Number of hosts.</param>
    /// <param name="with">Changes the settings of all.</param>
    public static async Task<LoopbackCluster> StartAsync(
        RedisServer redis, string modelPath, int count, Func<ClusterHostSettings, ClusterHostSettings>? with = null)
    {
        var settings = new ClusterHostSettings
        {
            Redis = redis.EndPoint,
            Cluster = $"test-{Guid.NewGuid():N}",
            Name = "",
            ModelPath = modelPath,
            SiloPort = 0,
            GatewayPort = 0,
        };
        var cluster = new LoopbackCluster(with?.Invoke(settings) ?? settings);
        try
        {
            await Task.WhenAll(Enumerable.Range(0, count).Select(_ => cluster.AddAsync()));
            await cluster.WaitForHostsAsync(count);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts one more host.</summary>
    /// <param name="with">Changes its settings.</param>
    public async Task<ClusterProcess> AddAsync(Func<ClusterHostSettings, ClusterHostSettings>? with = null)
    {
        int port = RedisServer.FreePort();
        ClusterHostSettings settings = _settings with { Name = $"host-{port}", SiloPort = port, GatewayPort = RedisServer.FreePort() };
        return await StartAsync(with?.Invoke(settings) ?? settings);
    }

    /// <summary>Starts a host again that was killed or stopped, at its ports and in its place.</summary>
    public async Task<ClusterProcess> RestartAsync(ClusterProcess ended)
    {
        await RemoveAsync(ended);
        return await StartAsync(ended.Settings);
    }

    /// <summary>Ends a host.</summary>
    public async Task RemoveAsync(ClusterProcess host)
    {
        lock (_hosts)
            _hosts.Remove(host);
        await host.DisposeAsync();
    }

    /// <summary>The host with a name.</summary>
    public ClusterProcess this[string name] => _hosts.Single(host => host.Settings.Name == name);

    /// <summary>Waits until each host with a silo knows so many hosts, itself included.</summary>
    public async Task WaitForHostsAsync(int count)
    {
        var waited = Stopwatch.StartNew();
        foreach (ClusterProcess host in _hosts.Where(host => !host.Settings.IsClient))
        {
            ClusterReply status;
            while ((status = await host.GetStatusAsync()).Hosts != count)
            {
                if (waited.Elapsed > JoinLimit || status.Error is not null)
                    throw new InvalidOperationException($"{host.Settings.Name} knows {status.Hosts} hosts, not {count}. {status.Error} {host.LastErrors}");
                await Task.Delay(PollInterval);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ClusterProcess host in _hosts)
            await host.DisposeAsync();
    }

    private async Task<ClusterProcess> StartAsync(ClusterHostSettings settings)
    {
        ClusterProcess host = await ClusterProcess.StartAsync(settings);
        lock (_hosts)
            _hosts.Add(host);
        return host;
    }
}
