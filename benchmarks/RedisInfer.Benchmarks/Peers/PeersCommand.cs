using System.CommandLine;
using System.Diagnostics;
using LLama;
using LLama.Common;
using RedisInfer.Inference;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Gguf;

namespace RedisInfer.Benchmarks.Peers;

/// <summary>
/// Compares the front door with LLamaSharp as its README uses it, over the same documents and questions. A process holds one build of
/// llama.cpp, so each side runs in a process of its own.
/// </summary>
internal static class PeersCommand
{
    private const string Stateless = "stateless";
    private const string Batched = "batched";
    private const int OutputTokens = 32;
    private static readonly string[] Sides = [Stateless, Batched, EngineRuns.Own, EngineRuns.Sharp];
    private static readonly int[] Together = [.. Enumerable.Range(1, PeerPrompts.Callers - 1)];

    public static Command Create()
    {
        var model = new Option<FileInfo?>("--model") { Description = "Model (default: a generated one in the shape of Qwen3-0.6B)." };
        var threads = new Option<int>("--threads") { Description = "Number of compute threads.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var context = new Option<int>("--context") { Description = "Words of each document; about as many tokens.", DefaultValueFactory = _ => 512 };
        var side = new Option<string?>("--side") { Description = "Measure this side alone (default: all, in turn)." };
        side.AcceptOnlyFromAmong(Sides);
        var command = new Command("peers", "Compares the front door with LLamaSharp's executors.") { model, threads, context, side };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string path = parsed.GetValue(model)?.FullName ?? LargeQwen3.GetOrCreate(Qwen3Shape.Qwen3_0_6B, GgufTensorType.Q8_0);
            if (parsed.GetValue(side) is { } one)
            {
                await MeasureAsync(one, path, parsed.GetValue(context), parsed.GetValue(threads), cancellationToken);
                return 0;
            }

            await Machine.DescribeAsync(cancellationToken);
            Console.WriteLine($"model: {Path.GetFileName(path)}, {parsed.GetValue(threads)} threads, documents of {parsed.GetValue(context)} words");
            return await CompareAsync(cancellationToken);
        });
        return command;
    }

    private static async Task<int> CompareAsync(CancellationToken cancellationToken)
    {
        var measured = new Dictionary<string, IReadOnlyDictionary<string, double>>();
        var figures = new Figures();
        foreach (string side in Sides)
        {
            using Process process = Process.Start(OwnProgram.CreateStartInfo([.. Environment.GetCommandLineArgs().Skip(1), "--side", side]))!;
            Task<string> error = process.StandardError.ReadToEndAsync(cancellationToken);
            string output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0)
            {
                await Console.Error.WriteLineAsync($"{side}: {await error}");
                return process.ExitCode;
            }

            measured[side] = Figures.Parse(output.Split('\n'));
            foreach ((string name, double value) in measured[side])
            {
                figures.Add($"{side}_{name}", value);
            }
        }

        foreach (string peer in (string[])[Stateless, Batched])
        {
            foreach (string name in (string[])["first_token_cold_ms", "first_token_again_ms", "first_token_restart_ms", "eight_callers_ms"])
            {
                figures.Add($"{peer}_over_front_door_{name[..^3]}", measured[peer][name] / measured[EngineRuns.Own][name]);
            }

            figures.Add($"front_door_over_{peer}_decode", measured[EngineRuns.Own]["decode_tokens_per_second"] / measured[peer]["decode_tokens_per_second"]);
        }

        figures.Print();
        return 0;
    }

    private static async Task MeasureAsync(string side, string model, int wordCount, int threads, CancellationToken cancellationToken)
    {
        using var data = new TempFolder();
        var prompts = new PeerPrompts(wordCount);
        PeerAnswer cold, again, restart;
        double together;
        int tokens;
        await using (IPeer peer = await StartAsync(side, model, prompts, threads, data["garnet"], cancellationToken))
        {
            cold = await peer.AskAsync(0, OutputTokens, cancellationToken);
            again = await peer.AskAsync(0, OutputTokens, cancellationToken);
            long start = Stopwatch.GetTimestamp();
            tokens = await peer.AskAllAsync(Together, OutputTokens, cancellationToken);
            together = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        await using (IPeer peer = await StartAsync(side, model, prompts, threads, data["garnet"], cancellationToken))
        {
            restart = await peer.AskAsync(0, OutputTokens, cancellationToken);
        }

        var figures = new Figures();
        figures.Add("prompt_tokens", cold.PromptTokens);
        figures.Add("first_token_cold_ms", cold.FirstToken);
        figures.Add("first_token_again_ms", again.FirstToken);
        figures.Add("first_token_restart_ms", restart.FirstToken);
        figures.Add("decode_tokens_per_second", again.DecodeRate);
        figures.Add("eight_callers_ms", together);
        figures.Add("eight_callers_tokens_per_second", tokens / (together / 1000));
        figures.Print();
    }

    private static async Task<IPeer> StartAsync(
        string side, string model, PeerPrompts prompts, int threads, string data, CancellationToken cancellationToken)
    {
        // Room for eight callers at once, each with a document, a question and an answer.
        int share = (prompts.WordCount * 2) + 256;
        if (side is EngineRuns.Own or EngineRuns.Sharp)
        {
            var context = new ContextOptions { ContextSize = share * Together.Length, MaxSequences = Together.Length, Threads = threads };
            return await FrontDoorPeer.StartAsync(EngineRuns.Create(side), model, prompts, context, data, cancellationToken);
        }

        var parameters = new ModelParams(model)
        {
            ContextSize = (uint)(side == Batched ? share * Together.Length : share),
            SeqMax = (uint)(side == Batched ? Together.Length : 1),
            Threads = threads,
            BatchThreads = threads,
            GpuLayerCount = 0,
        };
        LLamaWeights weights = await LLamaWeights.LoadFromFileAsync(parameters, cancellationToken);
        return side == Batched ? new BatchedPeer(prompts, parameters, weights) : new StatelessPeer(prompts, parameters, weights);
    }
}
