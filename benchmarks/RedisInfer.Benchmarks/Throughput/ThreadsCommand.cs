using System.CommandLine;
using RedisInfer.Inference;
using RedisInfer.Llama;
using RedisInfer.Tests.Support.Gguf;

namespace RedisInfer.Benchmarks.Throughput;

/// <summary>Measures numbers of compute threads, free and pinned, on an idle machine and next to busy neighbors.</summary>
internal static class ThreadsCommand
{
    private const int PromptTokens = 256;
    private const int DecodeTokens = 24;

    public static Command Create()
    {
        var neighbors = new Option<int[]>("--neighbors")
        {
            Description = "Numbers of busy neighbors.",
            DefaultValueFactory = _ => [0, 1, Environment.ProcessorCount],
            AllowMultipleArgumentsPerToken = true,
        };
        var command = new Command("threads", "Measures compute threads, free and pinned, with and without busy neighbors.") { neighbors };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(neighbors)!, cancellationToken));
        return command;
    }

    private static async Task RunAsync(int[] neighborCounts, CancellationToken cancellationToken)
    {
        await Machine.DescribeAsync(cancellationToken);
        string path = LargeQwen3.GetOrCreate(Qwen3Shape.Qwen3_0_6B, GgufTensorType.Q8_0);
        using IInferenceModel model = await new LlamaEngine().LoadModelAsync(new ModelOptions { Path = path }, null, cancellationToken);
        var figures = new Figures();
        int all = Environment.ProcessorCount;
        foreach (int neighbors in neighborCounts)
        {
            using var stop = new CancellationTokenSource();
            Thread[] busy = [.. Enumerable.Range(0, neighbors).Select(_ => new Thread(() => Burn(stop.Token)) { IsBackground = true })];
            Array.ForEach(busy, thread => thread.Start());
            foreach (int threads in new[] { 1, all - 1 }.Distinct().Where(threads => threads > 0 && threads < all))
            {
                Measure(model, threads, pin: false, neighbors, figures);
            }

            double free = Measure(model, all, pin: false, neighbors, figures);
            double pinned = Measure(model, all, pin: true, neighbors, figures);
            figures.Add($"decode_pinned_over_free_beside_{neighbors}", pinned / free);

            await stop.CancelAsync();
            Array.ForEach(busy, thread => thread.Join());
        }

        figures.Print();
    }

    /// <summary>Adds the rates of prefill and decode, and returns that of decode: tokens per second.</summary>
    private static double Measure(IInferenceModel model, int threads, bool pin, int neighbors, Figures figures)
    {
        double decode = 0;

        // Runs on a thread of its own, so that the pinning ends with the thread.
        var thread = new Thread(() =>
        {
            using var engine = new EngineLoop(model, new ContextOptions { ContextSize = 1024, Threads = threads, PinThreads = pin });
            engine.MeasurePrefill(16, 16);
            double prefill = PromptTokens / (engine.MeasurePrefill(PromptTokens, PromptTokens).Sum() / 1000);
            decode = engine.MeasureDecode(1, 16, DecodeTokens);
            string name = $"{threads}{(pin ? "_pinned" : "")}_beside_{neighbors}";
            Console.WriteLine($"{threads} threads{(pin ? " pinned" : "")}, {neighbors} busy neighbors: prefill {prefill:0.0}, decode {decode:0.0} tokens/s");
            figures.Add($"prefill_{name}", prefill);
            figures.Add($"decode_{name}", decode);
        });
        thread.Start();
        thread.Join();
        return decode;
    }

    private static void Burn(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            Thread.SpinWait(1000);
        }
    }
}
