using System.CommandLine;
using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using RedisInfer.Embedding;
using RedisInfer.Inference;
using RedisInfer.Llama;
using RedisInfer.Tests.OnnxReference;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Gguf;

namespace RedisInfer.Benchmarks.Embedding;

/// <summary>Measures how fast chunks are embedded, against ONNX Runtime with the same weights and texts.</summary>
internal static class EmbeddingCommand
{
    private const int ChunkCharacters = 480;
    private const int BatchTexts = 64;

    // ONNX Runtime pads the texts of a batch to the longest. It is given the batch size that is best for it.
    private static readonly int[] OnnxBatches = [1, 8];

    public static Command Create()
    {
        var threads = new Option<int>("--threads") { Description = "Compute threads of each.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var rounds = new Option<int>("--rounds") { Description = "Rounds; the best of each counts.", DefaultValueFactory = _ => 5 };
        var command = new Command("embedding", "Measures the embedding of chunks against ONNX Runtime.") { threads, rounds };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(threads), parsed.GetValue(rounds), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(int threads, int rounds, CancellationToken cancellationToken)
    {
        if (MiniLm.Path is not { } path || !OnnxMiniLm.IsAvailable)
        {
            await Console.Error.WriteLineAsync("The build could not restore the weights of all-MiniLM-L6-v2.");
            return ExitStatus.WrongInput;
        }

        string[] texts =
        [
            .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "samples", "ConsoleDemo", "handbook"), "*.md", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .SelectMany(file => File.ReadAllText(file).Chunk(ChunkCharacters).Select(part => new string(part))),
        ];
        using IInferenceModel model = await new LlamaEngine().LoadModelAsync(new ModelOptions { Path = path }, progress: null, cancellationToken);
        using var generator = new ModelEmbeddingGenerator(model, threads, pinThreads: true, NullLogger.Instance);
        using var onnx = new OnnxMiniLm(threads);
        double own = 0, other = 0;
        for (int round = 0; round <= rounds; round++)
        {
            double ownNow = await RateAsync(texts.Length, async () =>
            {
                foreach (string[] batch in texts.Chunk(BatchTexts))
                    await generator.GenerateAsync(batch, cancellationToken: cancellationToken);
            });
            double otherNow = 0;
            foreach (int size in OnnxBatches)
            {
                otherNow = Math.Max(otherNow, await RateAsync(texts.Length, () =>
                {
                    foreach (string[] batch in texts.Chunk(size))
                        onnx.Embed(batch);
                    return Task.CompletedTask;
                }));
            }

            Console.WriteLine($"{(round == 0 ? "warm-up" : $"round {round}")}: {ownNow:0.0} chunks/s, ONNX Runtime {otherNow:0.0}");
            if (round > 0)
                (own, other) = (Math.Max(own, ownNow), Math.Max(other, otherNow));
        }

        var figures = new Figures();
        figures.Add("embedding_chunks_per_second", own);
        figures.Add("embedding_chunks_per_second_onnx", other);
        figures.Add("embedding_over_onnx_q8", own / other);
        figures.Print();
        return 0;
    }

    private static async Task<double> RateAsync(int count, Func<Task> work)
    {
        long started = Stopwatch.GetTimestamp();
        await work();
        return count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
