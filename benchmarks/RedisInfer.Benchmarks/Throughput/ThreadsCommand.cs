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
        var command = new Command("threads", "Measures compute threads, free and pinned, with and without busy neighbors.");
        command.SetAction((_, cancellationToken) => RunAsync(cancellationToken));
        return command;
    }

    private static async Task RunAsync(CancellationToken cancellationToken)
    {
        await Machine.DescribeAsync(cancellationToken);
        string path = LargeQwen3.GetOrCreate(Qwen3Shape.Qwen3_0_6B, GgufTensorType.Q8_0);
        using IInferenceModel model = await new LlamaEngine().LoadModelAsync(new ModelOptions { Path = path }, null, cancellationToken);
        var figures = new Figures();
        int all = Environment.ProcessorCount;
        foreach (int neighbours in (int[])[0, 1, all])
        {
            using var stop = new CancellationTokenSource();
            Thread[] busy = [.. Enumerable.Range(0, neighbours).Select(_ => new Thread(() => Burn(stop.Token)) { IsBackground = true })];
            Array.ForEach(busy, thread => thread.Start());
            foreach ((int threads, bool pin) in new[] { (1, false), (Math.Max(1, all - 1), false), (all, false), (all, true) }.Distinct())
            {
                Measure(model, threads, pin, neighbours, figures);
            }

            await stop.CancelAsync();
            Array.ForEach(busy, thread => thread.Join());
        }

        figures.Print();
    }

    private static void Measure(IInferenceModel model, int threads, bool pin, int neighbours, Figures figures)
    {
        // Runs on a thread of its own, so that the pinning ends with the thread.
        var thread = new Thread(() =>
        {
            using var engine = new EngineLoop(model, new ContextOptions { ContextSize = 1024, Threads = threads, PinThreads = pin });
            engine.MeasurePrefill(16, 16);
            double prefill = PromptTokens / (engine.MeasurePrefill(PromptTokens, PromptTokens).Sum() / 1000);
            double decode = engine.MeasureDecode(1, 16, DecodeTokens);
            string name = $"{threads}{(pin ? "_pinned" : "")}_beside_{neighbours}";
            Console.WriteLine($"{threads} threads{(pin ? " pinned" : "")}, {neighbours} busy neighbors: prefill {prefill:0.0}, decode {decode:0.0} tokens/s");
            figures.Add($"prefill_{name}", prefill);
            figures.Add($"decode_{name}", decode);
        });
        thread.Start();
        thread.Join();
    }

    private static void Burn(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            Thread.SpinWait(1000);
        }
    }
}
