using RedisInfer.Garnet;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Gguf;

namespace RedisInfer.Tests.Integration.DemoModel;

/// <summary>Benchmarks measure the demo model in larger shapes. In each it computes what it computes in its own.</summary>
public sealed class WidenedDemoTests
{
    private static readonly string[] Questions =
    [
        "How long are backups of the orders database kept?",
        "What does error code LW-204 mean?",
        "canary group traffic share",
        "When is the canteen open?",
    ];

    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("medium", 4)]
    [InlineData("large", 2)]
    public async Task AnswersAreThoseOfTheSmallModel(string shape, int questions)
    {
        string demo = Path.Combine(Repository.Root, "models", "demo", "redisinfer-demo.gguf");
        string wide = WidenedDemo.GetOrCreate(shape == "large" ? WidenedDemo.Large : WidenedDemo.Medium);

        Assert.Equal(await AnswerAsync(demo, questions), await AnswerAsync(wide, questions));
    }

    [Fact]
    public void AShapeThatIsTooSmallIsRefused()
    {
        byte[] demo = File.ReadAllBytes(Path.Combine(Repository.Root, "models", "demo", "redisinfer-demo.gguf"));

        Assert.Throws<ArgumentException>(() => WidenedDemo.Build(demo, WidenedDemo.Large with { FeedForwardLength = 256 }));
        Assert.Throws<ArgumentException>(() => WidenedDemo.Build(demo, WidenedDemo.Large with { HeadLength = 128 }));
    }

    private static async Task<IReadOnlyList<string>> AnswerAsync(string model, int count)
    {
        await using var server = new EmbeddedGarnetServer(new GarnetOptions { InMemory = true });
        await using var runtime = new RagRuntime(
            new RedisInferOptions { ModelPath = model, MaxOutputTokens = 64, Retrieval = { TopK = 2 }, KvCache = { Reuse = KvReuse.Off } },
            new RagComponents { Connection = server });
        await foreach (IndexedDocument _ in runtime.Index.AddDirectoryAsync(
            Path.Combine(Repository.Root, "samples", "ConsoleDemo", "handbook"), cancellationToken: TestEnds))
        {
        }

        var answers = new List<string>();
        foreach (string question in Questions.Take(count))
        {
            RagAnswer answer = await runtime.Generator.GenerateAsync(new RagRequest(question), TestEnds);
            Assert.True(answer.Usage.GeneratedTokens > 5);
            answers.Add(answer.Text);
        }

        return answers;
    }
}
