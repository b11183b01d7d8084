using System.CommandLine;
using RedisInfer.Benchmarks.Throughput;
using RedisInfer.Inference;
using RedisInfer.Tests.Support.Gguf;

namespace RedisInfer.Benchmarks.Ttft;

/// <summary>Measures the time to first token (TTFT): cold, and with KV states from the context or from Redis.</summary>
internal static class TtftCommand
{
    public static Command Create()
    {
        var shape = new Option<string>("--shape") { Description = "Shape of the generated model: 0.6B or 4B.", DefaultValueFactory = _ => "0.6B" };
        shape.AcceptOnlyFromAmong("0.6B", "4B");
        var context = new Option<int>("--context") { Description = "Approximate number of context tokens.", DefaultValueFactory = _ => 1024 };
        var redis = new Option<string?>("--redis") { Description = "HOST:PORT of a Redis (default: an embedded Garnet)." };
        var directory = new Option<DirectoryInfo?>("--directory") { Description = "Keep KV states in this folder, and none on the server." };
        var threads = new Option<int>("--threads") { Description = "Number of compute threads.", DefaultValueFactory = _ => 1 };
        var rounds = new Option<int?>("--rounds") { Description = "Number of rounds (default: 3 for 0.6B, 1 for 4B)." };
        Option<bool> noFlash = CommonOptions.NoFlashAttention();
        Option<string[]> engine = EngineRuns.Option();
        var command = new Command("ttft", "Measures the time to first token, cold and with cached KV states.")
        {
            shape, context, redis, directory, threads, rounds, noFlash, engine,
        };
        command.SetAction((parsed, cancellationToken) => EngineRuns.RunAsync(
            parsed.GetRequiredValue(engine),
            async name =>
            {
                IInferenceEngine inference = EngineRuns.Create(name);
                bool small = parsed.GetValue(shape) == "0.6B";
                string model = small
                    ? LargeQwen3.GetOrCreate(Qwen3Shape.Qwen3_0_6B, GgufTensorType.Q8_0)
                    : LargeQwen3.GetOrCreate(Qwen3Shape.Qwen3_4B, GgufTensorType.Q4_0);
                bool flashAttention = !parsed.GetValue(noFlash);
                await Machine.DescribeAsync(cancellationToken);
                Console.WriteLine(
                    $"model: {Path.GetFileName(model)}, {parsed.GetValue(threads)} threads, flash attention {(flashAttention ? "on" : "off")}");
                using IInferenceModel bare = await inference.LoadModelAsync(new ModelOptions { Path = model }, null, cancellationToken);
                Console.WriteLine($"the question has {bare.Tokenizer.CountTokens(TtftRun.Question)} tokens");
                using var run = new TtftRun(
                    inference,
                    model,
                    parsed.GetValue(context),
                    text => bare.Tokenizer.CountTokens(text),
                    parsed.GetValue(threads),
                    flashAttention,
                    parsed.GetValue(redis),
                    parsed.GetValue(directory)?.FullName);
                List<TtftRound> measured = [];
                for (int i = 0; i < (parsed.GetValue(rounds) ?? (small ? 3 : 1)); i++)
                {
                    measured.Add(await run.MeasureAsync(i, cancellationToken));
                }

                double? folderCheck = null;
                if (run.StateFolder is { } folder)
                {
                    (double load, double check) = await FolderLoad.MeasureAsync(
                        Path.Combine(folder, "load"), bare, flashAttention, measured[0].Warm.PromptTokens - measured[0].Warm.ComputedTokens, cancellationToken);
                    Console.WriteLine($"as many KV blocks in the folder: mapped and checked in {load:0.0} ms; checked in memory, one after another, in {check:0.0} ms");
                    folderCheck = check / 1000 / Figures.Median(measured.Select(one => one.Restart.ContextReady));
                }

                Report(measured, MeasureBare(bare, parsed.GetValue(threads), flashAttention, measured[0].Warm), folderCheck);
            },
            cancellationToken));
        return command;
    }

    /// <summary>Milliseconds that the bare engine takes for the whole prompt, and for the tokens that a warm question computes.</summary>
    private static (double Cold, double Suffix) MeasureBare(IInferenceModel model, int threads, bool flashAttention, TtftMeasurement warm)
    {
        using var engine = new EngineLoop(model, new ContextOptions
        {
            ContextSize = warm.PromptTokens + 256,
            Threads = threads,
            PinThreads = true,
            FlashAttention = flashAttention,
        });
        double suffix = engine.MeasureSuffix(warm.PromptTokens, warm.ComputedTokens);
        double cold = engine.MeasurePrefill(warm.PromptTokens, 512).Sum();
        Console.WriteLine($"bare engine: {warm.PromptTokens} tokens in {cold:0} ms; the last {warm.ComputedTokens} of them alone in {suffix:0} ms");
        return (cold, suffix);
    }

    private static void Report(List<TtftRound> rounds, (double Cold, double Suffix) bare, double? folderCheck)
    {
        double Median(Func<TtftRound, double> value) => Figures.Median(rounds.Select(value));
        var figures = new Figures();
        figures.Add("context_ready_cold_over_restart", Median(r => r.Cold.ContextReady / r.Restart.ContextReady));
        figures.Add("context_ready_cold_over_warm", Median(r => r.Cold.ContextReady / r.Warm.ContextReady));
        figures.Add("ttft_cold_over_warm", Median(r => r.Cold.FirstToken / r.Warm.FirstToken));
        figures.Add("ttft_cold_over_restart", Median(r => r.Cold.FirstToken / r.Restart.FirstToken));
        figures.Add("restart_over_warm", Median(r => r.Restart.FirstToken / r.Warm.FirstToken));
        figures.Add("ttft_cold_over_other_question", Median(r => r.Cold.FirstToken / r.OtherQuestion.FirstToken));
        figures.Add("ttft_cold_over_changed_passage", Median(r => r.Cold.FirstToken / r.ChangedPassage.FirstToken));
        figures.Add("bare_cold_over_suffix", bare.Cold / bare.Suffix);
        figures.Add("ttft_warm_over_bare_suffix", Median(r => r.Warm.FirstToken * 1000) / bare.Suffix);
        figures.Add("reuse_miss_overhead", Median(r => r.Cold.FirstToken / r.Off.FirstToken));
        if (folderCheck is { } share)
        {
            figures.Add("folder_check_over_restore", share);
        }

        figures.Print();
    }
}
