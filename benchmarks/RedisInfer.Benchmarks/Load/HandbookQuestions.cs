using RedisInfer.Benchmarks.DemoModel;
using RedisInfer.Benchmarks.Quality;
using RedisInfer.Tests.Support;

namespace RedisInfer.Benchmarks.Load;

/// <summary>Questions that the handbook answers, all different, always in the same order.</summary>
internal static class HandbookQuestions
{
    private const int Seed = 1;

    private static readonly string Folder = Path.Combine(Repository.Root, "benchmarks", "RedisInfer.Benchmarks");

    /// <summary>Reads the questions of the other benchmarks, and joins pairs of them if more are needed.</summary>
    public static async Task<IReadOnlyList<string>> ReadAsync(int count, CancellationToken cancellationToken)
    {
        IEnumerable<string> quality = (await CorpusQuestion.ReadAsync(Path.Combine(Folder, "Quality", "handbook-questions.jsonl"), cancellationToken))
            .Where(one => one.Paths.Count > 0).Select(one => one.Question);
        IEnumerable<string> demo = (await HandbookQuestion.ReadAsync(Path.Combine(Folder, "DemoModel", "demo-handbook-questions.jsonl"), cancellationToken))
            .Where(one => one.Answer is not null).Select(one => one.Question);
        string[] all = [.. quality.Concat(demo).Distinct(StringComparer.OrdinalIgnoreCase)];
        new Random(Seed).Shuffle(all);
        return [.. all.Concat(Pairs(all)).Take(count)];
    }

    private static IEnumerable<string> Pairs(string[] all)
    {
        for (int distance = 1; distance < all.Length; distance++)
        {
            for (int i = 0; i + distance < all.Length; i++)
            {
                yield return $"{all[i]} {all[i + distance]}";
            }
        }
    }
}
