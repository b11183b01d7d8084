using System.Diagnostics;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Benchmarks.Chaos;

/// <summary>A primary that writes every command to disk at once, and its replica. They exchange their roles at each promotion.</summary>
internal sealed class ServerPair : IChaosServers
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    // The longest time between a snapshot, or a promotion, and the end of the server that continued to take writes.
    private const int MostLostMs = 2000;

    private readonly RedisVersion _version;
    private readonly TempFolder _data = new();
    private RedisServer? _primary;
    private RedisServer? _replica;
    private int _folders;

    private ServerPair(RedisVersion version) => _version = version;

    public string Configuration { get; private set; } = "";

    public IReadOnlyList<FaultKind> Faults =>
    [
        FaultKind.Restart, FaultKind.RestartWithoutTail, FaultKind.Promote, FaultKind.KillAndPromote, FaultKind.FullMemory, FaultKind.Cut,
    ];

    private RedisServer Primary => _primary!;

    private RedisServer Replica => _replica!;

    public static async Task<ServerPair> StartAsync(RedisVersion version, CancellationToken cancellationToken)
    {
        var pair = new ServerPair(version);
        try
        {
            pair._primary = await RedisServer.StartAsync(version, pair.NewOptions(port: null), cancellationToken);
            await pair.StartReplicaAsync(port: null, cancellationToken);

            // No Sentinel tells the clients about a promotion, so they ask for the roles more often than once a minute.
            pair.Configuration = $"{pair.Primary.EndPoint},{pair.Replica.EndPoint},configCheckSeconds=2";
            return pair;
        }
        catch
        {
            await pair.DisposeAsync();
            throw;
        }
    }

    public Task<ServerFault> BreakAsync(FaultKind kind, Random random, TimeSpan cut, CancellationToken cancellationToken) => kind switch
    {
        FaultKind.Restart => RestartAsync(cancellationToken),
        FaultKind.RestartWithoutTail => RestartWithoutTailAsync(random, cancellationToken),
        FaultKind.Promote => PromoteAsync(kills: false, random, cancellationToken),
        FaultKind.KillAndPromote => PromoteAsync(kills: true, random, cancellationToken),
        FaultKind.FullMemory => MemoryFault.CauseAsync([Primary], cut, cancellationToken),
        FaultKind.Cut => CutAsync(cut, cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public async ValueTask DisposeAsync()
    {
        if (_primary is not null)
            await _primary.DisposeAsync();
        if (_replica is not null)
            await _replica.DisposeAsync();
        _data.Dispose();
    }

    /// <summary>Options of a server with a folder of its own, which outlives it.</summary>
    private RedisServerOptions NewOptions(int? port) => new()
    {
        AppendOnly = true,
        DataDirectory = Directory.CreateDirectory(_data[$"{_folders++}"]).FullName,
        Port = port,
        ConfigurationLines = ["repl-diskless-sync-delay 0"],
    };

    private async Task StartReplicaAsync(int? port, CancellationToken cancellationToken)
    {
        // Not a line of its configuration: it may be the primary when it is started again.
        _replica = await RedisServer.StartAsync(_version, NewOptions(port), cancellationToken);
        await Replica.AskAsync("REPLICAOF", "127.0.0.1", $"{Primary.Port}");
        await WaitForReplicaAsync(cancellationToken);
    }

    private async Task WaitForReplicaAsync(CancellationToken cancellationToken)
    {
        while (!(await Replica.AskAsync("INFO", "replication")).Contains("master_link_status:up", StringComparison.Ordinal))
        {
            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    private async Task<ServerFault> RestartAsync(CancellationToken cancellationToken)
    {
        long down = Stopwatch.GetTimestamp();
        await RestartAsync(appendOnly: true, cancellationToken);
        return new ServerFault("primary killed, started again with all writes", down, Stopwatch.GetTimestamp());
    }

    private async Task RestartAsync(bool appendOnly, CancellationToken cancellationToken)
    {
        RedisServer before = Primary;
        await before.DisposeAsync();
        _primary = await RedisServer.StartAsync(_version, before.Options with { Port = before.Port, AppendOnly = appendOnly }, cancellationToken);
        await WaitForReplicaAsync(cancellationToken);
    }

    private async Task<ServerFault> RestartWithoutTailAsync(Random random, CancellationToken cancellationToken)
    {
        long kept = Stopwatch.GetTimestamp();
        await Primary.AskAsync("SAVE");
        await Task.Delay(random.Next(MostLostMs), cancellationToken);
        long down = Stopwatch.GetTimestamp();
        await Primary.KillAsync();
        Directory.Delete(Path.Combine(Primary.Options.DataDirectory!, "appendonlydir"), recursive: true);
        await RestartAsync(appendOnly: false, cancellationToken);
        long back = Stopwatch.GetTimestamp();
        await Primary.AskAsync("CONFIG", "SET", "appendonly", "yes");
        return new ServerFault($"primary killed, its last {Seconds(kept, down)} of writes lost", down, back, kept);
    }

    private async Task<ServerFault> PromoteAsync(bool kills, Random random, CancellationToken cancellationToken)
    {
        RedisServer former = Primary;
        long kept = Stopwatch.GetTimestamp();
        await former.AskAsync("WAIT", "1", "5000");
        await Replica.AskAsync("REPLICAOF", "NO", "ONE");
        long down = Stopwatch.GetTimestamp();
        if (kills)
        {
            // For some time both take writes. Those of the former primary are lost.
            await Task.Delay(random.Next(MostLostMs), cancellationToken);
        }

        _primary = Replica;
        _replica = null;
        string lost = Seconds(down, Stopwatch.GetTimestamp());
        await former.DisposeAsync();
        await StartReplicaAsync(former.Port, cancellationToken);
        string what = kills ? $"replica promoted, former primary killed {lost} later" : "replica promoted, former primary killed at once";
        return new ServerFault(what, kept, Stopwatch.GetTimestamp(), kept);
    }

    private async Task<ServerFault> CutAsync(TimeSpan cut, CancellationToken cancellationToken)
    {
        long down = Stopwatch.GetTimestamp();
        await Primary.SignalAsync("STOP");
        try
        {
            await Task.Delay(cut, cancellationToken);
        }
        finally
        {
            await Primary.SignalAsync("CONT");
        }

        return new ServerFault($"primary cut off for {cut.TotalSeconds:0} s", down, Stopwatch.GetTimestamp());
    }

    private static string Seconds(long from, long until) => $"{Stopwatch.GetElapsedTime(from, until).TotalSeconds:0.0} s";
}
