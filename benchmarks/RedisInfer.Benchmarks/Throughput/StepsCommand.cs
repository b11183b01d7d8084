using System.CommandLine;
using System.Globalization;
using RedisInfer.Inference;
using RedisInfer.Llama;
using RedisInfer.Tests.Support.Gguf;

namespace RedisInfer.Benchmarks.Throughput;

/// <summary>
/// Measures what a step costs by its number of rows: one row per sequence, as in decode, and all rows in one sequence, as in prefill.
/// </summary>
internal static class StepsCommand
{
    private const int MaxSequences = 16;
    private static readonly int[] RowCounts = [1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 24, 32, 48, 64, 65, 96, 128];

    public static Command Create()
    {
        var model = new Option<FileInfo?>("--model") { Description = "Model (default: a generated one in the shape of Qwen3-0.6B)." };
        var threads = new Option<int>("--threads") { Description = "Number of compute threads.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var depth = new Option<int>("--depth") { Description = "Number of tokens in each sequence before the step.", DefaultValueFactory = _ => 64 };
        var rows = new Option<int[]>("--rows")
        {
            Description = "Row counts to measure.",
            DefaultValueFactory = _ => RowCounts,
            AllowMultipleArgumentsPerToken = true,
        };
        var rounds = new Option<int>("--rounds") { Description = "How often each step is measured. The fastest counts.", DefaultValueFactory = _ => 5 };
        Option<bool> noFlash = CommonOptions.NoFlashAttention();
        var command = new Command("steps", "Measures a step of the bare engine by its number of rows.")
        {
            model, threads, depth, rows, rounds, noFlash,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetValue(model)?.FullName ?? LargeQwen3.GetOrCreate(Qwen3Shape.Qwen3_0_6B, GgufTensorType.Q8_0),
            parsed.GetValue(threads),
            parsed.GetValue(depth),
            parsed.GetValue(rows)!,
            parsed.GetValue(rounds),
            !parsed.GetValue(noFlash),
            cancellationToken));
        return command;
    }

    private static async Task RunAsync(
        string modelPath, int threads, int depth, int[] rowCounts, int rounds, bool flashAttention, CancellationToken cancellationToken)
    {
        await Machine.DescribeAsync(cancellationToken);
        Console.WriteLine($"model: {Path.GetFileName(modelPath)}, {threads} threads, {depth} tokens before the step, flash attention {(flashAttention ? "on" : "off")}");
        using IInferenceModel model = await new LlamaEngine().LoadModelAsync(new ModelOptions { Path = modelPath }, null, cancellationToken);
        using var engine = new EngineLoop(model, new ContextOptions
        {
            ContextSize = MaxSequences * (depth + rowCounts.Max()),
            MaxSequences = MaxSequences,
            Threads = threads,
            PinThreads = true,
            FlashAttention = flashAttention,
        });
        var figures = new Figures();
        var decodeMs = new Dictionary<int, double>();
        Console.WriteLine("  rows   one row per sequence   in one sequence");
        foreach (int rows in rowCounts)
        {
            double? together = rows <= MaxSequences ? engine.MeasureStep(rows, rows, depth, rounds) : null;
            double one = engine.MeasureStep(1, rows, depth, rounds);
            string first = together is { } ms ? ms.ToString("0.0 ms", CultureInfo.InvariantCulture) : "";
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows,6}   {first,20}   {one,12:0.0} ms"));
            if (together is { } time)
            {
                figures.Add($"decode_ms_{rows}", time);
                decodeMs[rows] = time;
            }

            figures.Add($"prefill_ms_{rows}", one);
        }

        if (decodeMs.TryGetValue(1, out double single) && decodeMs.TryGetValue(8, out double eight))
        {
            figures.Add("decode_ms_8_over_1", eight / single);
        }

        figures.Print();
    }
}
