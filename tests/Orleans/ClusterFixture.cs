using RedisInfer.Tests.ClusterHost;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Gguf;
using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Orleans;

/// <summary>Three hosts on a real Redis 8, with the handbook of the sample.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    public const int HostCount = 3;

    private readonly TempFolder _data = new();
    private RedisServer? _redis;
    private LoopbackCluster? _cluster;

    /// <summary>The cluster. Skips the test if Redis 8 is not installed.</summary>
    public LoopbackCluster Cluster
    {
        get
        {
            if (_cluster is null)
                Skipping.Because(RedisPrograms.HowToInstall(RedisVersion.V8));
            return _cluster;
        }
    }

    public RedisServer Redis => _redis!;

    /// <summary>Questions about the handbook, each of another document or part of one.</summary>
    public IReadOnlyList<string> Questions { get; } =
    [
        "How long are backups of the orders database kept?",
        "For how many years do we have to store copies of invoices?",
        "Which ferry leaves first in the morning?",
        "Who approves a purchase?",
        "How do I ask for leave?",
        "When does the canteen open?",
        "How are secrets rotated?",
        "Which port does the gateway listen on?",
    ];

    public async ValueTask InitializeAsync()
    {
        if (RedisPrograms.Find(RedisVersion.V8) is null)
            return;

        _redis = await RedisServer.StartAsync(RedisVersion.V8, new RedisServerOptions { AppendOnly = true, DataDirectory = _data.Path });
        _cluster = await LoopbackCluster.StartAsync(_redis, WidenedDemo.GetOrCreate(WidenedDemo.Medium), HostCount);
        string handbook = Path.Combine(Repository.Root, "samples", "ConsoleDemo", "handbook");
        var documents = Directory.EnumerateFiles(handbook, "*.md", SearchOption.AllDirectories)
            .ToDictionary(path => Path.GetRelativePath(handbook, path).Replace('\\', '/'), File.ReadAllText);
        ClusterReply indexed = await _cluster.Hosts[0].Send(ClusterCommandKind.Index, command => command with { Documents = documents }).End;
        Assert.Null(indexed.Error);
    }

    /// <summary>Starts the server again, at its port and with its data.</summary>
    public async Task RestartRedisAsync()
    {
        RedisServer before = Redis;
        await before.DisposeAsync();
        _redis = await RedisServer.StartAsync(RedisVersion.V8, before.Options with { Port = before.Port });
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        if (_redis is not null)
            await _redis.DisposeAsync();
        _data.Dispose();
    }
}
