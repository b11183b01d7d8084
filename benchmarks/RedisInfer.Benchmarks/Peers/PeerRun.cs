using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using LLama;
using LLama.Batched;
using LLama.Common;
using LLama.Native;
using RedisInfer.Benchmarks.Load;
using RedisInfer.Tests.Support;

namespace RedisInfer.Benchmarks.Peers;

/// <summary>
/// One run of <c>peers</c>. Each side has a process of its own, and another one for what a restart costs. The first side writes its
/// prompts into a folder for the others.
/// </summary>
/// <param name="modelPath">The model.</param>
/// <param name="threads">Compute threads.</param>
/// <param name="questions">Number of questions of one caller. Eight callers ask twice as many others.</param>
internal sealed class PeerRun(string modelPath, int threads, int questions)
{
    public const string DirectoryOption = "--directory";
    public const string RestartOption = "--restart";
    private const string Stateless = "stateless";
    private const string Batched = "batched";
    private const string PromptFile = "prompts.json";
    private const int MaxCallers = 8;

    private const string Cold = "first_token_cold";
    private const string Again = "first_token_again";
    private const string AfterRestart = "first_token_restart";
    private const string Decode = "decode_tokens_per_second";
    private const string Eight = "answer_seconds_8";

    /// <summary>The front door on two engines, and LLamaSharp's two executors.</summary>
    public static string[] Sides { get; } = [EngineRuns.Own, EngineRuns.Sharp, Stateless, Batched];

    /// <summary>Runs the sides one after the other, and compares them.</summary>
    /// <returns>The exit status.</returns>
    public async Task<int> CompareAsync(string[] sides, CancellationToken cancellationToken)
    {
        await Machine.DescribeAsync(cancellationToken);
        Console.WriteLine($"model: {Path.GetFileName(modelPath)}, {threads} threads, {questions} questions");
        using var folder = new TempFolder();
        var measured = new Dictionary<string, Dictionary<string, double>>();
        foreach (string side in sides.Prepend(EngineRuns.Own).Distinct())
        {
            measured[side] = [];
            foreach (string[] restart in new string[][] { [], [RestartOption] })
            {
                if (await RunSideAsync(side, folder.Path, restart, measured[side], cancellationToken) is var status and not 0)
                {
                    return status;
                }
            }

            Console.WriteLine($"{side}: {string.Join(", ", measured[side].Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Key} {one.Value:0.###}")))}");
        }

        Report(measured);
        return 0;
    }

    /// <summary>Measures one side in this process.</summary>
    /// <returns>The exit status.</returns>
    public async Task<int> MeasureSideAsync(string side, string folder, bool restart, CancellationToken cancellationToken)
    {
        await using IPeer peer = await StartAsync(side, folder, cancellationToken);
        var figures = new Figures();
        if (restart)
        {
            IReadOnlyList<PeerAnswer> after = await peer.AskAsync(0, questions, 1, cancellationToken);
            figures.Add(AfterRestart, after.Average(one => one.FirstToken));
            figures.Print();
            return 0;
        }

        IReadOnlyList<PeerAnswer> cold = await peer.AskAsync(0, questions, 1, cancellationToken);
        IReadOnlyList<PeerAnswer> again = await peer.AskAsync(0, questions, 1, cancellationToken);
        long start = Stopwatch.GetTimestamp();
        IReadOnlyList<PeerAnswer> eight = await peer.AskAsync(questions, 2 * questions, MaxCallers, cancellationToken);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        figures.Add(Cold, cold.Average(one => one.FirstToken));
        figures.Add(Again, again.Average(one => one.FirstToken));
        figures.Add(Decode, cold.Concat(again).Sum(one => one.Tokens - 1) / cold.Concat(again).Sum(one => one.Whole - one.FirstToken));
        figures.Add(Eight, seconds / eight.Count);
        if (peer is FrontDoorPeer door && side == EngineRuns.Own)
        {
            await WritePromptsAsync(door, folder, cancellationToken);
        }

        figures.Print();
        return 0;
    }

    private async Task<int> RunSideAsync(
        string side, string folder, string[] restart, Dictionary<string, double> figures, CancellationToken cancellationToken)
    {
        using Process process = Process.Start(OwnProgram.CreateStartInfo(
            ["peers", "--side", side, DirectoryOption, folder, "--threads", Text(threads), "--questions", Text(questions), .. restart]))!;
        Task<string> error = process.StandardError.ReadToEndAsync(cancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            await Console.Error.WriteLineAsync($"{side}: {await error}");
            return process.ExitCode;
        }

        foreach ((string name, double value) in Figures.Parse(output.Split('\n')))
        {
            figures[name] = value;
        }

        return 0;

        static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }

    private async Task<IPeer> StartAsync(string side, string folder, CancellationToken cancellationToken)
    {
        if (side is EngineRuns.Own or EngineRuns.Sharp)
        {
            HandbookHost host = await HandbookHost.StartAsync(
                modelPath, threads, MaxCallers, KvReuse.Local, cancellationToken, EngineRuns.Create(side), Path.Combine(folder, side));
            return new FrontDoorPeer(host, await HandbookQuestions.ReadAsync(3 * questions, cancellationToken));
        }

        NativeLibraryConfig.All.WithLogCallback((_, _) => { });
        var settings = new ModelParams(modelPath) { GpuLayerCount = 0, Threads = threads, BatchThreads = threads };
        LLamaWeights weights = await LLamaWeights.LoadFromFileAsync(settings, cancellationToken);
        IReadOnlyList<AnsweredPrompt> prompts = await ReadPromptsAsync(folder, weights, cancellationToken);
        int longest = prompts.Max(one => one.Tokens.Length + one.AnswerTokens) + 1;
        return side == Stateless
            ? new StatelessPeer(weights, settings with { ContextSize = (uint)longest }, prompts)
            : new BatchedPeer(new BatchedExecutor(weights, settings with { ContextSize = (uint)(longest * MaxCallers), SeqMax = MaxCallers }), prompts);
    }

    private async Task WritePromptsAsync(FrontDoorPeer door, string folder, CancellationToken cancellationToken)
    {
        IReadOnlyList<AnsweredPrompt> prompts = await AnsweredPrompts.CreateAsync(
            modelPath, [.. door.Answers.DistinctBy(one => one.Answer.Question)], cancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(folder, PromptFile), JsonSerializer.SerializeToUtf8Bytes(prompts), cancellationToken);
    }

    private static async Task<IReadOnlyList<AnsweredPrompt>> ReadPromptsAsync(string folder, LLamaWeights weights, CancellationToken cancellationToken)
    {
        await using FileStream file = File.OpenRead(Path.Combine(folder, PromptFile));
        AnsweredPrompt[] prompts = (await JsonSerializer.DeserializeAsync<AnsweredPrompt[]>(file, cancellationToken: cancellationToken))!;
        return Array.Find(prompts, one => weights.Tokenize(one.Text, true, true, Encoding.UTF8).Length != one.Tokens.Length) is { } other
            ? throw new InvalidOperationException($"LLamaSharp makes other tokens of the prompt of '{other.Question}'.")
            : prompts;
    }

    private static void Report(Dictionary<string, Dictionary<string, double>> measured)
    {
        var figures = new Figures();
        foreach ((string side, Dictionary<string, double> of) in measured.Where(one => one.Key != EngineRuns.Own))
        {
            Dictionary<string, double> own = measured[EngineRuns.Own];
            foreach (string time in new[] { Cold, Again, AfterRestart, Eight })
            {
                figures.Add($"{time}_{side}_over_own", of[time] / own[time]);
            }

            figures.Add($"decode_own_over_{side}", own[Decode] / of[Decode]);
        }

        figures.Print();
    }
}
