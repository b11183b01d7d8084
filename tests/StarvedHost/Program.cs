// A host whose callers block the threads of its small pool until their answers are there, while it indexes. Usage:
// StarvedHost MODEL CALLERS [REDIS]. Without REDIS, the server is embedded. It prints one line for each failure, and then their number.
using RedisInfer;
using RedisInfer.Garnet;
using RedisInfer.Redis;
using RedisInfer.Tests.Support;

ThreadPool.SetMinThreads(2, 2);
await using IRedisConnectionSource server = args.Length > 2
    ? new RedisConnectionSource(args[2])
    : new EmbeddedGarnetServer(new GarnetOptions { InMemory = true });
await using var runtime = new RagRuntime(
    new RedisInferOptions { ModelPath = args[0], Corpus = "starved", MaxOutputTokens = 8, Engine = { Threads = 1 } },
    new RagComponents { Connection = server });
await runtime.WarmUpAsync();
await runtime.Index.AddAsync(new RagDocument("backups.md", "Backups are kept for thirty days."));
await runtime.Index.AddAsync(new RagDocument("gateway.md", "The gateway listens on port 8443."));

var callers = new StarvedCallers(runtime, ["How long are backups kept?", "On which port does the gateway listen?"]);
using var stop = new CancellationTokenSource();
Task indexing = callers.IndexAsync(stop.Token);
int count = int.Parse(args[1]);
await Task.Factory.StartNew(() => callers.AskBlocked(count), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
await stop.CancelAsync();
await indexing;
foreach (Exception failure in callers.Failures)
{
    Console.WriteLine($"{failure.GetType().Name}: {failure.Message}");
}

Console.WriteLine($"failures={callers.Failures.Count}");
