using System.Globalization;

namespace RedisInfer.Tests.Support.Servers;

/// <summary>A real cluster on 127.0.0.1: primaries that share the slots evenly, and possibly replicas of them.</summary>
public sealed class RedisCluster : IAsyncDisposable
{
    private const int Slots = 16384;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private readonly RedisVersion _version;
    private readonly TempFolder _data = new();
    private readonly List<RedisServer> _nodes = [];
    private readonly List<RedisServerOptions> _options = [];
    private readonly List<int> _busPorts = [];

    private RedisCluster(RedisVersion version) => _version = version;

    /// <summary>The nodes: first the primaries as they were at the start, then their replicas in the same order.</summary>
    public IReadOnlyList<RedisServer> Nodes => _nodes;

    /// <summary>A StackExchange.Redis configuration that names every node.</summary>
    public string Configuration => string.Join(',', _nodes.Select(node => node.EndPoint));

    /// <summary>Starts the nodes and waits until they agree on the slots.</summary>
    /// <param name="version">The server. Check <see cref="RedisPrograms.Find"/> first.</param>
    /// <param name="primaries">Number of primaries.</param>
    /// <param name="hasReplicas">Whether each primary has a replica.</param>
    /// <param name="options">Options of every node.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task<RedisCluster> StartAsync(
        RedisVersion version, int primaries, bool hasReplicas, RedisServerOptions options, CancellationToken cancellationToken)
    {
        var cluster = new RedisCluster(version);
        try
        {
            int count = hasReplicas ? 2 * primaries : primaries;
            for (int node = 0; node < count; node++)
            {
                await cluster.AddNodeAsync(node, options, cancellationToken);
            }

            await cluster.JoinAsync(primaries, cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a node again that was killed, with what it had stored.</summary>
    public async Task RestartAsync(int node, CancellationToken cancellationToken)
    {
        await _nodes[node].DisposeAsync();
        _nodes[node] = await RedisServer.StartAsync(_version, _options[node] with { Port = _nodes[node].Port }, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (RedisServer node in _nodes)
        {
            await node.DisposeAsync();
        }

        _data.Dispose();
    }

    private async Task AddNodeAsync(int node, RedisServerOptions options, CancellationToken cancellationToken)
    {
        // The default port of the cluster bus is 10,000 above the client port, which may be too high.
        int busPort = RedisServer.FreePort();
        string folder = Directory.CreateDirectory(_data[node.ToString(CultureInfo.InvariantCulture)]).FullName;
        RedisServerOptions own = options with
        {
            DataDirectory = folder,
            ConfigurationLines =
            [
                .. options.ConfigurationLines, "cluster-enabled yes", string.Create(CultureInfo.InvariantCulture, $"cluster-port {busPort}"),
            ],
        };
        _busPorts.Add(busPort);
        _options.Add(own);
        _nodes.Add(await RedisServer.StartAsync(_version, own, cancellationToken));
    }

    private async Task JoinAsync(int primaries, CancellationToken cancellationToken)
    {
        for (int node = 0; node < primaries; node++)
        {
            (int first, int next) = (node * Slots / primaries, (node + 1) * Slots / primaries);
            await _nodes[node].AskAsync("CLUSTER", "ADDSLOTSRANGE", Text(first), Text(next - 1));
        }

        for (int node = 1; node < _nodes.Count; node++)
        {
            await _nodes[node].AskAsync("CLUSTER", "MEET", "127.0.0.1", Text(_nodes[0].Port), Text(_busPorts[0]));
        }

        await WaitForInfoAsync($"cluster_known_nodes:{_nodes.Count}", cancellationToken);
        for (int node = primaries; node < _nodes.Count; node++)
        {
            await ReplicateAsync(node, await _nodes[node - primaries].AskAsync("CLUSTER", "MYID"), cancellationToken);
        }

        await WaitForInfoAsync("cluster_state:ok", cancellationToken);

        static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }

    private async Task ReplicateAsync(int node, string primary, CancellationToken cancellationToken)
    {
        // A node learns of the others by gossip, so it may not know its primary yet.
        while (!(await _nodes[node].AskAsync("CLUSTER", "NODES")).Contains(primary, StringComparison.Ordinal))
        {
            await Task.Delay(PollInterval, cancellationToken);
        }

        await _nodes[node].AskAsync("CLUSTER", "REPLICATE", primary);
    }

    private async Task WaitForInfoAsync(string text, CancellationToken cancellationToken)
    {
        foreach (RedisServer node in _nodes)
        {
            while (!(await node.AskAsync("CLUSTER", "INFO")).Contains(text, StringComparison.Ordinal))
            {
                await Task.Delay(PollInterval, cancellationToken);
            }
        }
    }
}
