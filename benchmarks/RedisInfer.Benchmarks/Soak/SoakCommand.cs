using System.CommandLine;
using System.Diagnostics;
using RedisInfer.Garnet;
using RedisInfer.Llama;
using RedisInfer.Tests.Support;

namespace RedisInfer.Benchmarks.Soak;

/// <summary>Runs many callers for a long time. Nothing may leak, and no request may be forgotten.</summary>
internal static class SoakCommand
{
    private const double FailureRate = .002;
    private static readonly string[] Questions =
    [
        "How long are backups kept?", "Who approves a purchase?", "What is the on-call phone number?", "How do I ask for leave?",
        "Which port does the gateway listen on?", "What colour is the sky over the office?", "When does the canteen open?", "How are secrets rotated?",
    ];

    public static Command Create()
    {
        var minutes = new Option<double>("--minutes") { Description = "Duration of the run, in minutes.", DefaultValueFactory = _ => 10 };
        var callers = new Option<int>("--callers") { Description = "Number of concurrent callers.", DefaultValueFactory = _ => 32 };
        var command = new Command("soak", "Runs many callers that wait, read slowly, leave, cancel and meet failures.") { minutes, callers };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(TimeSpan.FromMinutes(parsed.GetValue(minutes)), parsed.GetValue(callers), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(TimeSpan time, int callerCount, CancellationToken cancellationToken)
    {
        await using var server = new EmbeddedGarnetServer(new GarnetOptions { InMemory = true });
        await using var runtime = new RagRuntime(
            new RedisInferOptions
            {
                ModelPath = Path.Combine(Repository.Root, "models", "demo", "redisinfer-demo.gguf"),
                Engine = { Threads = 1 },
                Retrieval = { TopK = 3 },
                Capacity = { QueueCapacity = callerCount / 2, QueueTimeout = TimeSpan.FromMilliseconds(500) },
            },
            new RagComponents { Connection = server, InferenceEngine = new FaultyEngine(new LlamaEngine(), FailureRate) });
        await foreach (IndexedDocument _ in runtime.Index.AddDirectoryAsync(
            Path.Combine(Repository.Root, "samples", "ConsoleDemo", "handbook"), cancellationToken: cancellationToken))
        {
        }

        await runtime.WarmUpAsync(cancellationToken: cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        SoakCaller[] callers = [.. Enumerable.Range(0, callerCount).Select(number => new SoakCaller(runtime.Generator, number, Questions))];
        Task running = Task.WhenAll(callers.Select(caller => Task.Run(() => caller.RunAsync(stop.Token), cancellationToken)));

        // During the first fifth of the time, pools fill up and code is compiled.
        await Task.Delay(time / 5, cancellationToken);
        (double residentBefore, double managedBefore) = Memory();
        for (TimeSpan left = time * 4 / 5; left > TimeSpan.Zero; left -= TimeSpan.FromMinutes(1))
        {
            await Task.Delay(left < TimeSpan.FromMinutes(1) ? left : TimeSpan.FromMinutes(1), cancellationToken);
            (double resident, double managed) = Memory();
            Console.WriteLine($"resident {resident:0.0} MB, managed {managed:0.0} MB, {runtime.GetStatus()}");
        }

        (double residentAfter, double managedAfter) = Memory();
        await stop.CancelAsync();
        await running;
        return Report(runtime, callers, residentAfter - residentBefore, managedAfter - managedBefore);
    }

    private static int Report(RagRuntime runtime, SoakCaller[] callers, double residentGrowth, double managedGrowth)
    {
        // The decode loop notices callers that left at its next step.
        SpinWait.SpinUntil(() => runtime.GetStatus() is { Running: 0, Waiting: 0 }, TimeSpan.FromSeconds(10));
        RagStatus status = runtime.GetStatus();
        var figures = new Figures();
        long seen = 0;
        foreach (SoakOutcome outcome in Enum.GetValues<SoakOutcome>())
        {
            long count = callers.Sum(caller => caller.Count(outcome));
            figures.Add(outcome.ToString().ToLowerInvariant(), count);
            seen += outcome == SoakOutcome.Refused ? 0 : count;
        }

        // The decode loop does not know a request whose caller left or canceled before the request was handed over.
        long known = status.Answered + status.Cancelled + status.Failed;
        bool accounted = known <= seen
            && status.Refused == callers.Sum(caller => caller.Count(SoakOutcome.Refused))
            && status.Failed == callers.Sum(caller => caller.Count(SoakOutcome.Failed))
            && status.Answered >= callers.Sum(caller => caller.Count(SoakOutcome.Answered));
        figures.Add("unaccounted", accounted ? 0 : 1);
        figures.Add("leaked_sequences", status.Running);
        figures.Add("leaked_places", status.Waiting);
        figures.Add("leaked_kv_cells", status.KvCellsReserved);
        figures.Add("resident_growth_mb", residentGrowth);
        figures.Add("managed_growth_mb", managedGrowth);
        figures.Print();
        return accounted && status is { Running: 0, Waiting: 0, KvCellsReserved: 0 } ? 0 : 1;
    }

    private static (double Resident, double Managed) Memory()
    {
        double managed = GC.GetTotalMemory(forceFullCollection: true) / 1e6;
        using Process process = Process.GetCurrentProcess();
        return (process.WorkingSet64 / 1e6, managed);
    }
}
