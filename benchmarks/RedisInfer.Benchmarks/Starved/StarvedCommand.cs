using System.CommandLine;
using RedisInfer.Garnet;
using RedisInfer.Redis;
using RedisInfer.Tests.Support;

namespace RedisInfer.Benchmarks.Starved;

/// <summary>Measures callers that block their threads in a host whose thread pool has hardly any.</summary>
internal static class StarvedCommand
{
    private const int PoolThreads = 2;
    private static readonly string[] Questions =
    [
        "How long are backups kept?", "Who approves a purchase?", "What is the on-call phone number?", "How do I ask for leave?",
        "Which port does the gateway listen on?", "What colour is the sky over the office?", "When does the canteen open?", "How are secrets rotated?",
    ];

    public static Command Create()
    {
        var redis = new Option<string?>("--redis") { Description = "Server to use (default: an embedded one)." };
        var callers = new Option<int>("--callers") { Description = "Callers that block at once and must not fail.", DefaultValueFactory = _ => 200 };
        var timed = new Option<int>("--timed") { Description = "Callers whose time is compared.", DefaultValueFactory = _ => 64 };
        var command = new Command("starved", "Measures callers that block their threads in a starved thread pool.") { redis, callers, timed };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetValue(redis), parsed.GetValue(callers), parsed.GetValue(timed), cancellationToken));
        return command;
    }

    private static async Task RunAsync(string? redis, int callers, int timed, CancellationToken cancellationToken)
    {
        ThreadPool.SetMinThreads(PoolThreads, PoolThreads);
        await using IRedisConnectionSource server = redis is null
            ? new EmbeddedGarnetServer(new GarnetOptions { InMemory = true })
            : new RedisConnectionSource(redis);
        await using var runtime = new RagRuntime(
            new RedisInferOptions
            {
                ModelPath = Path.Combine(Repository.Root, "models", "demo", "redisinfer-demo.gguf"),
                Corpus = "starved",
            },
            new RagComponents { Connection = server });
        await runtime.WarmUpAsync(cancellationToken: cancellationToken);
        await foreach (IndexedDocument _ in runtime.Index.SyncDirectoryAsync(
            Path.Combine(Repository.Root, "samples", "ConsoleDemo", "handbook"), cancellationToken: cancellationToken))
        {
        }

        var starved = new StarvedCallers(runtime, Questions);
        await starved.AskAwaitedAsync(timed);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task indexing = starved.IndexAsync(stop.Token);

        // Once for each process: from then on the pool has the threads that the first blocked callers needed.
        TimeSpan awaited = await starved.AskAwaitedAsync(timed);
        TimeSpan blocked = await OnOwnThreadAsync(() => starved.AskBlocked(timed));
        Console.WriteLine($"{timed} callers: {awaited.TotalSeconds:0.00} s awaited, {blocked.TotalSeconds:0.00} s blocked, {ThreadPool.ThreadCount} threads in the pool");
        TimeSpan all = await OnOwnThreadAsync(() => starved.AskBlocked(callers));
        Console.WriteLine($"{callers} callers blocked: {all.TotalSeconds:0.00} s, {ThreadPool.ThreadCount} threads in the pool");
        await stop.CancelAsync();
        await indexing;
        foreach (string message in starved.Failures.Select(failure => failure.Message).Distinct().Take(5))
        {
            Console.WriteLine(message);
        }

        var figures = new Figures();
        figures.Add("starved_failures", starved.Failures.Count);
        figures.Add("starved_over_awaited", blocked / awaited);
        figures.Print();
    }

    private static Task<TimeSpan> OnOwnThreadAsync(Func<TimeSpan> measure) =>
        Task.Factory.StartNew(measure, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
