using System.Diagnostics;
using RedisInfer.Corpus.Records;
using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Benchmarks.Chaos;

/// <summary>A cluster of three primaries and three replicas. All keys of the corpus are on one primary, which is the one to break.</summary>
internal sealed class ServerCluster : IChaosServers
{
    private const int Primaries = 3;
    private const string NodeTimeout = "cluster-node-timeout 2000";

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan FailoverLimit = TimeSpan.FromSeconds(6);

    private readonly RedisCluster _cluster;
    private readonly int _slot;

    private ServerCluster(RedisCluster cluster, int slot)
    {
        _cluster = cluster;
        _slot = slot;
    }

    public string Configuration => _cluster.Configuration;

    public IReadOnlyList<FaultKind> Faults => [FaultKind.Promote, FaultKind.KillAndPromote, FaultKind.FullMemory, FaultKind.Cut];

    public static async Task<ServerCluster> StartAsync(RedisVersion version, CancellationToken cancellationToken)
    {
        var options = new RedisServerOptions { AppendOnly = true, ConfigurationLines = [NodeTimeout, "repl-diskless-sync-delay 0"] };
        RedisCluster cluster = await RedisCluster.StartAsync(version, Primaries, hasReplicas: true, options, cancellationToken);
        string key = new CorpusKeys(ChaosRuntime.Corpus).Meta.ToString();
        int slot = int.Parse(await cluster.Nodes[0].AskAsync("CLUSTER", "KEYSLOT", key));
        var servers = new ServerCluster(cluster, slot);
        await servers.WaitForRolesAsync(cancellationToken);
        return servers;
    }

    public async Task<ServerFault> BreakAsync(FaultKind kind, Random random, TimeSpan cut, CancellationToken cancellationToken)
    {
        (int primary, int replica) = await WaitForRolesAsync(cancellationToken);
        return kind switch
        {
            FaultKind.Promote => await FailOverAsync(replica, cancellationToken),
            FaultKind.KillAndPromote => await KillAsync(primary, replica, cancellationToken),
            FaultKind.FullMemory => await MemoryFault.CauseAsync(_cluster.Nodes, cut, cancellationToken),
            FaultKind.Cut => await CutAsync(primary, cut, cancellationToken),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    /// <summary>The primary stops taking writes until its replica has them all, so nothing is lost.</summary>
    private async Task<ServerFault> FailOverAsync(int replica, CancellationToken cancellationToken)
    {
        long down = Stopwatch.GetTimestamp();
        while (!await IsPrimaryAsync(replica))
        {
            // The server gives up after 5 s, and forgets it.
            await _cluster.Nodes[replica].AskAsync("CLUSTER", "FAILOVER");
            long asked = Stopwatch.GetTimestamp();
            while (!await IsPrimaryAsync(replica) && Stopwatch.GetElapsedTime(asked) < FailoverLimit)
            {
                await Task.Delay(PollInterval, cancellationToken);
            }
        }

        await WaitForRolesAsync(cancellationToken);
        return new ServerFault("CLUSTER FAILOVER", down, Stopwatch.GetTimestamp());
    }

    private async Task<ServerFault> KillAsync(int primary, int replica, CancellationToken cancellationToken)
    {
        long kept = await ReplicatedAsync(primary);
        await _cluster.Nodes[primary].KillAsync();
        await WaitForPromotionAsync(replica, cancellationToken);
        await _cluster.RestartAsync(primary, cancellationToken);
        await WaitForRolesAsync(cancellationToken);
        return new ServerFault("primary killed, replica took over", kept, Stopwatch.GetTimestamp(), kept);
    }

    private async Task<ServerFault> CutAsync(int primary, TimeSpan cut, CancellationToken cancellationToken)
    {
        long kept = await ReplicatedAsync(primary);
        await _cluster.Nodes[primary].SignalAsync("STOP");
        try
        {
            await Task.Delay(cut, cancellationToken);
        }
        finally
        {
            await _cluster.Nodes[primary].SignalAsync("CONT");
        }

        await WaitForRolesAsync(cancellationToken);
        return new ServerFault($"primary cut off for {cut.TotalSeconds:0} s", kept, Stopwatch.GetTimestamp(), kept);
    }

    /// <summary>Waits until the replica has what was written before the returned time.</summary>
    private async Task<long> ReplicatedAsync(int primary)
    {
        long kept = Stopwatch.GetTimestamp();
        await _cluster.Nodes[primary].AskAsync("WAIT", "1", "5000");
        return kept;
    }

    private async Task WaitForPromotionAsync(int replica, CancellationToken cancellationToken)
    {
        while (!await IsPrimaryAsync(replica))
        {
            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    private async Task<bool> IsPrimaryAsync(int node) =>
        (await _cluster.Nodes[node].AskAsync("ROLE")).StartsWith("master", StringComparison.Ordinal);

    /// <summary>Waits until all nodes agree on the primary of the corpus, and its replica follows it.</summary>
    private async Task<(int Primary, int Replica)> WaitForRolesAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            int[] primaries = await Task.WhenAll(_cluster.Nodes.Select(PrimaryAccordingToAsync));
            int primary = primaries.Distinct().Count() == 1 ? IndexOf(primaries[0]) : -1;
            if (primary >= 0)
            {
                for (int node = 0; node < _cluster.Nodes.Count; node++)
                {
                    string info = await _cluster.Nodes[node].AskAsync("INFO", "replication");
                    if (info.Contains($"master_port:{_cluster.Nodes[primary].Port}\r", StringComparison.Ordinal)
                        && info.Contains("master_link_status:up", StringComparison.Ordinal))
                    {
                        return (primary, node);
                    }
                }
            }

            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    private int IndexOf(int port) => _cluster.Nodes.ToList().FindIndex(node => node.Port == port);

    /// <summary>The port of the node that serves the slot; 0 if there is none, or if the asked node still loads its data.</summary>
    private async Task<int> PrimaryAccordingToAsync(RedisServer node)
    {
        string nodes;
        try
        {
            nodes = await node.AskAsync("CLUSTER", "NODES");
        }
        catch (InvalidOperationException)
        {
            return 0;
        }

        return nodes.Split('\n').Where(line => line.Length > 0).Select(ClusterConfigurationLine.Parse)
            .FirstOrDefault(line => line.Serves(_slot))?.Port ?? 0;
    }
}
