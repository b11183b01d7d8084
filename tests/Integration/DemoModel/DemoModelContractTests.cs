using RedisInfer.Evaluation;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.DemoModel;

/// <summary>
/// The demo model over the sample's handbook, through the public API: answers state the facts and the document that holds them.
/// The model is known to answer these questions. Its benchmark measures how many of all questions it answers.
/// </summary>
public abstract class DemoModelContractTests(ServerFixture server)
{
    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string> Answerable => new()
    {
        { "How long are backups of the orders database kept?", "35 days", "engineering/backups.md" },
        { "How early must dangerous goods be declared?", "at least 24 hours before departure", "operations/dangerous-goods.md" },
        { "Where do we gather in case of fire?", "the old crane on the east quay", "office/building-access.md" },
        { "What does error code LW-204 mean?", "vehicle is too high for its lane", "engineering/error-codes.md" },
        { "At what wind does Skerrow close?", "24 metres per second", "operations/weather-closures.md" },
        { "Within how many days does the written review follow?", "within 5 working days", "engineering/incident-response.md" },
        { "minimum test coverage of a repository", "78 percent", "engineering/code-review.md" },
        { "meal allowance for a full day", "38 euros", "people/expenses-and-travel.md" },
    };

    public static TheoryData<string> Unanswerable =>
    [
        "When is the canteen open?",
        "What is the salary of a senior engineer?",
        "Which bank pays the salaries?",
        "what is the boiling point of ethanol",
    ];

    [Theory]
    [MemberData(nameof(Answerable))]
    public async Task FactComesBackWithTheDocumentThatSaysIt(string question, string fact, string path)
    {
        await using RagRuntime runtime = await StartAsync();

        RagAnswer answer = await runtime.Generator.GenerateAsync(new RagRequest(question), TestEnds);

        Assert.Contains(fact, answer.Text.ReplaceLineEndings(" "));
        RagCitation citation = Assert.Single(answer.Citations);
        Assert.Equal(path, citation.Path);
        string[] lines = await File.ReadAllLinesAsync(Path.Combine(HandbookPath, path), TestEnds);
        string cited = string.Join(' ', lines[(citation.StartLine - 1)..citation.EndLine].Select(line => line.Trim()));
        Assert.Contains(fact, cited);
        Assert.Equal(RagFinishReason.Stop, answer.FinishReason);
    }

    [Theory]
    [MemberData(nameof(Unanswerable))]
    public async Task WhatNoPassageSaysIsNotAnswered(string question)
    {
        await using RagRuntime runtime = await StartAsync();

        RagAnswer answer = await runtime.Generator.GenerateAsync(new RagRequest(question), TestEnds);

        Assert.NotEmpty(answer.Passages);
        Assert.Equal(RedisInferOptions.DefaultNoContextText, answer.Text);
        Assert.Empty(answer.Citations);
    }

    [Fact]
    public async Task StreamedTextIsTheWholeAnswer()
    {
        await using RagRuntime runtime = await StartAsync();
        foreach (string question in Questions)
        {
            RagAnswer whole = await runtime.Generator.GenerateAsync(new RagRequest(question), TestEnds);
            string streamed = "";
            await foreach (RagUpdate update in runtime.Generator.GenerateStreamingAsync(new RagRequest(question), TestEnds))
            {
                streamed += update.Text;
            }

            Assert.Equal(whole.Text, streamed);
        }
    }

    [Fact]
    public async Task AnswersThatProposeTokensAreThoseThatDoNot()
    {
        await using RagRuntime runtime = await StartAsync();
        await using RagRuntime plain = await StartAsync(draftTokens: 0);
        int accepted = 0;
        foreach (string question in Questions)
        {
            RagAnswer answer = await runtime.Generator.GenerateAsync(new RagRequest(question), TestEnds);
            RagAnswer without = await plain.Generator.GenerateAsync(new RagRequest(question), TestEnds);

            Assert.Equal(without.Text, answer.Text);
            Assert.Equal((0, 0), (without.Usage.ProposedTokens, without.Usage.AcceptedTokens));
            Assert.InRange(answer.Usage.AcceptedTokens, 0, Math.Min(answer.Usage.ProposedTokens, answer.Usage.GeneratedTokens));
            accepted += answer.Usage.AcceptedTokens;
        }

        Assert.True(accepted > 0);
    }

    // Rounding differs between batches and can decide a random choice, but seldom.
    [Fact]
    public async Task ASeedGivesTheTextThatItGivesWithoutProposals()
    {
        await using RagRuntime runtime = await StartAsync();
        await using RagRuntime plain = await StartAsync(draftTokens: 0);
        int equal = 0, proposed = 0, count = 0;
        foreach (string question in Questions)
        {
            for (uint seed = 1; seed <= 3; seed++)
            {
                var request = new RagRequest(question) { Sampling = new SamplingOptions { Temperature = 1, Seed = seed } };
                RagAnswer answer = await runtime.Generator.GenerateAsync(request, TestEnds);
                proposed += answer.Usage.ProposedTokens;
                equal += answer.Text == (await plain.Generator.GenerateAsync(request, TestEnds)).Text ? 1 : 0;
                count++;
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{equal} of {count} equal, {proposed} proposed");
        Assert.True(proposed > 0);
        Assert.True(equal >= count * 3 / 4, $"{equal} of {count} texts are equal.");
    }

    [Fact]
    public async Task CallersAtOnceEachGetTheirOwnFact()
    {
        await using RagRuntime runtime = await StartAsync();

        RagAnswer[] answers = await Task.WhenAll(
            Enumerable.Range(0, 4).SelectMany(_ => Questions)
                .Select(question => runtime.Generator.GenerateAsync(new RagRequest(question), TestEnds)));

        Assert.All(answers, answer => Assert.Contains(FactOf(answer.Question), answer.Text.ReplaceLineEndings(" ")));
    }

    [Fact]
    public async Task PassagesComputedAgainAsAWholeAnswerAsExactly()
    {
        await using RagRuntime runtime = await StartAsync();

        PassageEvaluation evaluation = await runtime.IndependentPassages.EvaluateAsync(
            [.. Questions.Take(3)], [new(AfterHead: false, int.MaxValue), new(AfterHead: true, int.MaxValue)], cancellationToken: TestEnds);

        Assert.Equal((3, 0), (evaluation.Questions, evaluation.WithoutPassages));
        Assert.All(evaluation.Settings, figures =>
        {
            Assert.Equal((0, 1, 1), (figures.ReusedShare, figures.SameAnswers, figures.SameCitations));
            Assert.InRange(figures.LargestDivergence, 0, 1e-6);
        });
    }

    [Fact]
    public async Task WhatPassagesComputedWithoutEachOtherCostIsMeasured()
    {
        await using RagRuntime runtime = await StartAsync();
        PassageSetting[] settings = [new(AfterHead: false, 0), new(AfterHead: true, 0), new(AfterHead: true, 64)];
        var done = new List<int>();

        PassageEvaluation evaluation = await runtime.IndependentPassages.EvaluateAsync(
            [.. Questions, "xylophone zeppelin"], settings, new Reports(done), TestEnds);

        Assert.Equal((Answerable.Count, 1), (evaluation.Questions, evaluation.WithoutPassages));
        Assert.Equal(Enumerable.Range(1, Answerable.Count + 1), done);
        Assert.Equal(settings, evaluation.Settings.Select(figures => figures.Setting));
        (PassageFigures alone, PassageFigures afterHead, PassageFigures mended) =
            (evaluation.Settings[0], evaluation.Settings[1], evaluation.Settings[2]);
        Assert.InRange(alone.ReusedShare, 0.5, 0.99);
        Assert.Equal(alone.ReusedShare, afterHead.ReusedShare);
        Assert.InRange(mended.ReusedShare, 0.01, afterHead.ReusedShare - 0.1);

        // The cost is not zero, but far from noise: a passage at the wrong positions would cost more than 1 nat.
        Assert.InRange(alone.MeanDivergence, 1e-4, 0.5);
        Assert.InRange(afterHead.MeanDivergence, 1e-4, alone.MeanDivergence);
        Assert.InRange(mended.MeanDivergence, 1e-6, afterHead.MeanDivergence);
        Assert.True(afterHead.SameFirstTokens > 0.5);
    }

    private static string HandbookPath { get; } = Path.Combine(Repository.Root, "samples", "ConsoleDemo", "handbook");

    private static IEnumerable<string> Questions => Answerable.Select(row => row.Data.Item1);

    private static string FactOf(string question) => Answerable.First(row => row.Data.Item1 == question).Data.Item2;

    private async Task<RagRuntime> StartAsync(int draftTokens = 15)
    {
        var runtime = new RagRuntime(
            new RedisInferOptions
            {
                ModelPath = Path.Combine(Repository.Root, "models", "demo", "redisinfer-demo.gguf"),
                Corpus = "demo-model",
                MaxOutputTokens = 96,
                Retrieval = { TopK = 3 },
                Engine = { DraftTokens = draftTokens },
            },
            new RagComponents { Connection = server.Connection });
        await foreach (IndexedDocument document in runtime.Index.AddDirectoryAsync(HandbookPath, cancellationToken: TestEnds))
        {
            Assert.NotEqual(IndexingStatus.Skipped, document.Status);
        }

        return runtime;
    }

    private sealed class Reports(List<int> done) : IProgress<int>
    {
        public void Report(int value) => done.Add(value);
    }
}
