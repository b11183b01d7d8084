using RedisInfer.Garnet;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Gguf;

namespace RedisInfer.Benchmarks.Traffic;

/// <summary>Asks the same questions with each setting, one after the other, and starts the runtime again after half of them.</summary>
/// <param name="modelPath">The model.</param>
/// <param name="threads">Compute threads.</param>
/// <param name="plan">The questions.</param>
/// <param name="rooms">GiB of a folder, as for a 4B model and <see cref="PlannedDistinct"/> different questions.</param>
internal sealed class TrafficRun(string modelPath, int threads, TrafficPlan plan, double[] rooms)
{
    private const double PlannedDistinct = 800;

    // Bytes of KV state for each token: of Qwen3-4B, and of this model. 2 bytes for each number of keys and values.
    private const double BytesOf4B = 36 * 8 * 128 * 4;

    // With nothing kept, a question takes as long whatever was asked before. So a part of them is enough. Independent passages take long.
    private const int FewQuestions = 50;

    private static readonly double OwnBytes = WidenedDemo.Medium.BlockCount * WidenedDemo.Medium.KvHeadCount * WidenedDemo.Medium.HeadLength * 4.0;

    public async Task RunAsync(string picture, CancellationToken cancellationToken)
    {
        await Machine.DescribeAsync(cancellationToken);
        IReadOnlyList<RagDocument> documents = TrafficPlan.Documents();
        IReadOnlyList<string> questions = plan.Questions(documents);
        Console.WriteLine($"{documents.Count} documents; {questions.Distinct().Count()} different questions in {questions.Count}; a restart after {questions.Count / 2}");
        Console.WriteLine($"{"",-28} {"reused",6} {"first",8} {"p95",6} {"total ms",9} {"p95",6} {"memory",8} {"stored",8} {"answers",8}");

        var off = await AskAsync(new TrafficSetting("nothing kept", KvReuse.Off), documents, [.. questions.Take(FewQuestions)], cancellationToken);
        await AskAsync(new TrafficSetting("memory", KvReuse.InProcess), documents, questions, cancellationToken);
        TrafficResult redis = await AskAsync(new TrafficSetting("server, 1 GiB", KvReuse.Shared, Scaled(1)), documents, questions, cancellationToken);
        List<TrafficResult> folders = [];
        foreach (double room in rooms)
        {
            folders.Add(await AskAsync(new TrafficSetting($"folder, {room} GiB", KvReuse.Local, Scaled(room)), documents, questions, cancellationToken));
        }

        long largest = Scaled(rooms.Max());
        TrafficResult all = await AskAsync(
            new TrafficSetting($"folder, {rooms.Max()} GiB, and answers", KvReuse.Local, largest) { KeepsAnswers = true }, documents, questions, cancellationToken);
        await AskAsync(
            new TrafficSetting($"folder, {rooms.Max()} GiB, independent", KvReuse.Local, largest) { IsIndependent = true }, documents, [.. questions.Take(FewQuestions)], cancellationToken);

        await File.WriteAllTextAsync(picture, TrafficPicture.Draw(rooms, folders, off.MeanFirstToken), cancellationToken);
        TrafficResult folder = folders[Array.IndexOf(rooms, rooms.Max())];
        var figures = new Figures();
        figures.Add("reused_share_redis", redis.ReusedShare);
        figures.Add("reused_share_folder", folder.ReusedShare);
        figures.Add("mean_first_token_off_over_folder", off.MeanFirstToken / folder.MeanFirstToken);
        figures.Add("mean_total_off_over_all", off.MeanTotal / all.MeanTotal);
        figures.Add("answer_cache_first_token_ms_p50", Figures.Median(all.Answers.Where(answer => answer.FromCache).Select(answer => answer.Timings.FirstToken.TotalMilliseconds)));
        figures.Print();
    }

    private long Scaled(double gigabytes) => (long)(gigabytes * (1L << 30) * OwnBytes / BytesOf4B * plan.Distinct / PlannedDistinct);

    private async Task<TrafficResult> AskAsync(
        TrafficSetting setting, IReadOnlyList<RagDocument> documents, IReadOnlyList<string> questions, CancellationToken cancellationToken)
    {
        using var folder = new TempFolder();
        await using var server = new EmbeddedGarnetServer(new GarnetOptions { InMemory = true });
        List<RagAnswer> answers = [];
        foreach (string[] half in questions.Chunk((questions.Count + 1) / 2))
        {
            await using var runtime = new RagRuntime(Options(setting, folder.Path), new RagComponents { Connection = server });
            await foreach (IndexedDocument _ in runtime.Index.AddAsync(documents.ToAsyncEnumerable(), cancellationToken))
            {
            }

            await runtime.WarmUpAsync(cancellationToken: cancellationToken);
            foreach (string question in half)
            {
                answers.Add(await runtime.Generator.GenerateAsync(new RagRequest(question), cancellationToken));
            }
        }

        var result = new TrafficResult(setting, answers);
        Console.WriteLine(result.Describe());
        return result;
    }

    private RedisInferOptions Options(TrafficSetting setting, string folder) => new()
    {
        ModelPath = modelPath,
        Corpus = "traffic",
        MaxOutputTokens = 48,
        Engine = { Threads = threads },
        Retrieval = { MinScore = -1 },
        AnswerCache = { Enabled = setting.KeepsAnswers },
        KvCache =
        {
            Reuse = setting.Reuse,
            Directory = setting.Reuse == KvReuse.Local ? folder : null,
            DirectoryBytes = setting.Reuse == KvReuse.Local ? setting.Room : new KvCacheOptions().DirectoryBytes,
            MaxStoredBytes = setting.Reuse == KvReuse.Shared ? setting.Room : new KvCacheOptions().MaxStoredBytes,
            MemoryBytes = Scaled(4),
            PassageReuse = setting.IsIndependent ? PassageReuse.Independent : PassageReuse.Exact,
        },
    };
}
