using System.CommandLine;
using RedisInfer.Inference;
using RedisInfer.Tests.Support.Gguf;

namespace RedisInfer.Benchmarks.Throughput;

/// <summary>Measures what the scheduler and the front door cost compared with the bare engine, and what batching gains.</summary>
internal static class ThroughputCommand
{
    private const int Slice = 64;
    private const int DecodeTokens = 96;
    private static readonly int[] CallerCounts = [1, 2, 4, 8];

    public static Command Create()
    {
        var model = new Option<FileInfo?>("--model") { Description = "Model (default: a generated one in the shape of Qwen3-0.6B)." };
        var threads = new Option<int>("--threads")
        {
            Description = "Number of compute threads.",
            DefaultValueFactory = _ => Environment.ProcessorCount,
        };
        var slice = new Option<int>("--slice") { Description = "Number of prompt tokens in a step that other requests wait for.", DefaultValueFactory = _ => Slice };
        var rounds = new Option<int>("--rounds") { Description = "How often each rate is measured; the median counts.", DefaultValueFactory = _ => 3 };
        var pin = new Option<bool>("--pin") { Description = "Pin each thread to its own CPU.", DefaultValueFactory = _ => new EngineOptions().PinThreads };
        Option<bool> noFlash = CommonOptions.NoFlashAttention();
        Option<string[]> engine = EngineRuns.Option();
        var command = new Command("throughput", "Measures the scheduler and the front door against the bare engine.")
        {
            model, threads, slice, rounds, pin, noFlash, engine,
        };
        command.SetAction((parsed, cancellationToken) => EngineRuns.RunAsync(
            parsed.GetRequiredValue(engine),
            name => RunAsync(
                EngineRuns.Create(name),
                parsed.GetValue(model)?.FullName ?? LargeQwen3.GetOrCreate(Qwen3Shape.Qwen3_0_6B, GgufTensorType.Q8_0),
                new ContextOptions
                {
                    // Each request has its share: the longest has a question of 930 tokens.
                    ContextSize = FrontDoor.MaxCallers * 1280,
                    MaxSequences = FrontDoor.MaxCallers,
                    Threads = parsed.GetValue(threads),
                    PinThreads = parsed.GetValue(pin),
                    FlashAttention = !parsed.GetValue(noFlash),
                },
                parsed.GetValue(slice),
                parsed.GetValue(rounds),
                cancellationToken),
            cancellationToken));
        return command;
    }

    private static async Task RunAsync(
        IInferenceEngine inference, string modelPath, ContextOptions context, int slice, int rounds, CancellationToken cancellationToken)
    {
        await Machine.DescribeAsync(cancellationToken);
        Console.WriteLine($"model: {Path.GetFileName(modelPath)}, {context.Threads} threads{(context.PinThreads ? ", pinned" : "")}, flash attention {(context.FlashAttention ? "on" : "off")}, slices of {slice}");
        using IInferenceModel model = await inference.LoadModelAsync(new ModelOptions { Path = modelPath }, null, cancellationToken);
        using var engine = new EngineLoop(model, context);
        await using FrontDoor door = await FrontDoor.StartAsync(inference, modelPath, context, slice, cancellationToken);

        int promptTokens = (await door.AskAsync(1, 8, cancellationToken)).Answers[0].Usage.PromptTokens;
        engine.MeasureDecode(1, promptTokens, 8);

        var figures = new Figures();
        var single = new List<double>();
        var doorSingle = new List<double>();
        var doorEight = new List<double>();
        foreach (int callers in CallerCounts)
        {
            var ratios = new List<double>();
            for (int round = 0; round < rounds; round++)
            {
                double engineRate = engine.MeasureDecode(callers, promptTokens + (DecodeTokens / 4), DecodeTokens / 2);
                await door.AskAsync(callers, DecodeTokens, cancellationToken);
                double doorRate = door.DecodeRate();
                double engineAgain = engine.MeasureDecode(callers, promptTokens + (DecodeTokens / 4), DecodeTokens / 2);
                ratios.Add(doorRate / ((engineRate + engineAgain) / 2));
                (callers == 1 ? single : []).AddRange([engineRate, engineAgain]);
                (callers == 1 ? doorSingle : callers == 8 ? doorEight : []).Add(doorRate);
                Console.WriteLine($"{callers} callers: decode {engineRate:0.0} and {engineAgain:0.0} tokens/s bare, {doorRate:0.0} through the front door");
            }

            figures.Add($"decode_front_door_over_engine_{callers}", Figures.Median(ratios));
        }

        figures.Add("allocated_bytes_per_token", await AllocatedPerTokenAsync(door, cancellationToken));
        figures.Add("stall_ms_over_slice_ms", await StallAsync(door, engine, slice, rounds, cancellationToken));
        figures.Add("batch8_over_1", Figures.Median(doorEight) / Figures.Median(doorSingle));
        double overall = await OverallAsync(door, rounds, cancellationToken);
        figures.Add("overall_tokens_per_second_8", overall);
        figures.Add("overall8_over_single_decode", overall / Figures.Median(single));
        figures.Print();
    }

    /// <summary>
    /// Managed bytes allocated per token, from the difference between longer and shorter answers of eight callers. The difference
    /// leaves out the fixed cost of a request.
    /// </summary>
    private static async Task<double> AllocatedPerTokenAsync(FrontDoor door, CancellationToken cancellationToken)
    {
        long[] bytes = new long[2];
        int[] tokens = new int[2];
        for (int i = 0; i < 2; i++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            (IReadOnlyList<RagAnswer> answers, _) = await door.AskAsync(FrontDoor.MaxCallers, (i + 1) * 48, cancellationToken);
            bytes[i] = GC.GetTotalAllocatedBytes(precise: true) - before;
            tokens[i] = answers.Sum(answer => answer.Usage.GeneratedTokens);
        }

        Console.WriteLine($"{(double)bytes[1] / tokens[1]:0} bytes allocated per token, including the fixed cost of a question");
        return (double)(bytes[1] - bytes[0]) / (tokens[1] - tokens[0]);
    }

    private static async Task<double> StallAsync(FrontDoor door, EngineLoop engine, int slice, int rounds, CancellationToken cancellationToken)
    {
        var ratios = new List<double>();
        for (int round = 0; round < rounds; round++)
        {
            (double stall, int promptTokens) = await door.MeasureStallAsync(cancellationToken);

            // The longest stall is that of the deepest slice, so compare it with slices at that depth.
            double bare = engine.MeasurePrefill(promptTokens, slice).SkipLast(1).TakeLast(3).Average();
            ratios.Add(stall / bare);
            Console.WriteLine($"a prompt of {promptTokens} tokens arrives: a running answer stalls {stall:0} ms; a slice of {slice} takes {bare:0} ms alone at that depth");
        }

        return Figures.Median(ratios);
    }

    private static async Task<double> OverallAsync(FrontDoor door, int rounds, CancellationToken cancellationToken)
    {
        var rates = new List<double>();
        for (int round = 0; round < rounds; round++)
        {
            (IReadOnlyList<RagAnswer> answers, TimeSpan time) = await door.AskAsync(FrontDoor.MaxCallers, 48, cancellationToken);
            rates.Add(answers.Sum(answer => answer.Usage.GeneratedTokens) / time.TotalSeconds);
            Console.WriteLine($"8 callers, {answers[0].Usage.PromptTokens} tokens in and 48 out: {rates[^1]:0.0} tokens/s, prefill included");
        }

        return Figures.Median(rates);
    }
}
