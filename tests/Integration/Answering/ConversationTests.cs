using RedisInfer.Garnet;
using RedisInfer.Tests.Integration.Hosting;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Inference;
using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Answering;

/// <summary>Conversations through the front door, on a real server: what is prefilled, found, cited and rewritten.</summary>
public sealed class ConversationTests(Redis8Fixture server) : RagContract(server), IClassFixture<Redis8Fixture>
{
    private const string First = "How long are backups of the orders database kept?";

    [Theory]
    [InlineData(PassageReuse.Exact)]
    [InlineData(PassageReuse.Independent)]
    public async Task EachTurnPrefillsItsOwnTokensAlone(PassageReuse passages)
    {
        await using RagRuntime runtime = await StartAsync();
        var turns = new List<RagTurn>();
        RagAnswer? before = null;
        foreach (string question in new[] { First, "Which port does the gateway listen on?", "Who must approve travel costs?" })
        {
            RagAnswer answer = await runtime.Generator.GenerateAsync(new RagRequest(question) { History = [.. turns], PassageReuse = passages }, TestEnds);

            if (before is not null)
            {
                // All of the prompt and the answer before, except for the token that ended the answer and the last one of its text.
                Assert.Equal(RagFinishReason.Stop, before.FinishReason);
                Assert.InRange(answer.Usage.CachedTokens, before.Usage.PromptTokens + before.Usage.GeneratedTokens - 2, answer.Usage.PromptTokens);
                if (passages == PassageReuse.Exact)
                    Assert.Equal(before.Usage.PromptTokens + before.Usage.GeneratedTokens - 2, answer.Usage.CachedTokens);
            }

            Assert.NotEmpty(answer.Text);
            turns.Add(RagTurn.From(answer));
            before = answer;
        }
    }

    [Fact]
    public async Task AConversationIsAnsweredAsWithoutReuse()
    {
        var answers = new List<List<string>>();
        foreach (KvReuse reuse in new[] { KvReuse.Off, KvReuse.Shared, KvReuse.Shared })
        {
            await using RagRuntime runtime = await StartAsync(options => options.KvCache.Reuse = reuse);
            answers.Add([]);
            var turns = new List<RagTurn>();
            foreach (string question in new[] { First, "Which port does the gateway listen on?", "And its configuration file?" })
            {
                RagAnswer answer = await runtime.Generator.GenerateAsync(new RagRequest(question) { History = [.. turns] }, TestEnds);
                answers[^1].Add(answer.Text);
                turns.Add(RagTurn.From(answer));
            }
        }

        Assert.Equal(answers[0], answers[1]);
        Assert.Equal(answers[0], answers[2]);
    }

    [Fact]
    public async Task AQuestionThatBeginsNoConversationKeepsOnlyItsPassages()
    {
        await using RagRuntime runtime = await StartAsync();
        RagAnswer first = await runtime.Generator.GenerateAsync(new RagRequest(First), TestEnds);

        RagAnswer second = await runtime.Generator.GenerateAsync(
            new RagRequest("Which port does the gateway listen on?") { History = [RagTurn.From(first)] }, TestEnds);

        Assert.InRange(second.Usage.CachedTokens, first.Passages.Sum(passage => passage.TokenCount), first.Usage.PromptTokens - 1);
    }

    [Fact]
    public async Task ATurnOfTextsAloneIsAHistoryToo()
    {
        await using RagRuntime runtime = await StartAsync();
        RagTurn[] history = [new(First, "Backups of the orders database are kept for 35 days. [3]")];

        RagAnswer answer = await runtime.Generator.GenerateAsync(new RagRequest("And when do they start?") { History = history }, TestEnds);

        Assert.Equal(Handbook.Backups.Path, answer.Passages.MaxBy(passage => passage.Score)!.Path);
        Assert.All(answer.Passages, passage => Assert.True(passage.Number > 3));
    }

    [Fact]
    public async Task CallersInConversationsAtOnceGetWhatEachWouldGetAlone()
    {
        await using RagRuntime runtime = await StartAsync();
        string[] questions = [First, "Which port does the gateway listen on?", "Who must approve travel costs?"];
        var alone = new List<string>();
        foreach (string question in questions)
        {
            alone.Add(await AskTwiceAsync(runtime, question));
        }

        string[] together = await Task.WhenAll(Enumerable.Range(0, 9).Select(i => AskTwiceAsync(runtime, questions[i % 3])));

        for (int i = 0; i < together.Length; i++)
        {
            Assert.Equal(alone[i % 3], together[i]);
        }
    }

    [Fact]
    public async Task ACitationOfAnEarlierTurnNamesItsPassage()
    {
        await using var garnet = new EmbeddedGarnetServer(new GarnetOptions { InMemory = true });
        await using RagRuntime runtime = await StartEchoAsync(garnet, "See [1] and [2].");
        RagAnswer first = await runtime.Generator.GenerateAsync(new RagRequest("How long are backups kept?") { History = [] }, TestEnds);
        RagAnswer second = await runtime.Generator.GenerateAsync(
            new RagRequest("How long are logs kept?") { History = [RagTurn.From(first)], FollowUp = FollowUpSearch.QuestionOnly }, TestEnds);

        Assert.Equal(["backup.md"], first.Citations.Select(citation => citation.Path));
        Assert.Equal([("backup.md", 1), ("logs.md", 2)], second.Citations.Select(citation => (citation.Path, citation.Number)));
        Assert.Equal([("logs.md", 2)], second.Passages.Select(passage => (passage.Path, passage.Number)));
    }

    [Fact]
    public async Task TheModelRewritesAQuestionIfToldSoAndThatIsSearched()
    {
        await using var garnet = new EmbeddedGarnetServer(new GarnetOptions { InMemory = true });
        await using RagRuntime runtime = await StartEchoAsync(garnet, "How long are logs kept?");
        RagTurn[] history = [new("How long are backups kept?", "30 days.")];

        RagAnswer rewritten = await runtime.Generator.GenerateAsync(
            new RagRequest("How about the other?") { History = history, FollowUp = FollowUpSearch.Rewritten }, TestEnds);
        RagAnswer withHistory = await runtime.Generator.GenerateAsync(new RagRequest("How about the other?") { History = history }, TestEnds);
        RagAnswer alone = await runtime.Generator.GenerateAsync(
            new RagRequest("How about the other?") { FollowUp = FollowUpSearch.Rewritten }, TestEnds);

        Assert.Equal(("How long are logs kept?", "logs.md"), (rewritten.RewrittenQuestion, rewritten.Passages[0].Path));
        Assert.True(rewritten.Timings.Rewrite > TimeSpan.Zero && rewritten.Timings.Rewrite < rewritten.Timings.FirstToken);
        Assert.Equal((null, "backup.md", TimeSpan.Zero), (withHistory.RewrittenQuestion, withHistory.Passages[0].Path, withHistory.Timings.Rewrite));
        Assert.Equal((null, RagFinishReason.NoContext), (alone.RewrittenQuestion, alone.FinishReason));
    }

    [Fact]
    public async Task InstructionsOfARequestAreInItsPrompt()
    {
        await using RagRuntime runtime = await StartAsync();

        RagAnswer plain = await runtime.Generator.GenerateAsync(new RagRequest(First), TestEnds);
        RagAnswer instructed = await runtime.Generator.GenerateAsync(new RagRequest(First) { Instructions = "Answer in one sentence." }, TestEnds);

        Assert.InRange(instructed.Usage.PromptTokens - plain.Usage.PromptTokens, 3, 20);
    }

    private static async Task<string> AskTwiceAsync(RagRuntime runtime, string question)
    {
        RagAnswer first = await runtime.Generator.GenerateAsync(new RagRequest(question) { History = [] }, TestEnds);
        RagAnswer second = await runtime.Generator.GenerateAsync(new RagRequest("Since when?") { History = [RagTurn.From(first)] }, TestEnds);
        return first.Text + second.Text;
    }

    private async Task<RagRuntime> StartAsync(Action<RedisInferOptions>? configure = null)
    {
        RagRuntime runtime = Start(configure: options =>
        {
            options.ModelPath = Path.Combine(Repository.Root, "models", "demo", "redisinfer-demo.gguf");
            options.Engine.Threads = 1;
            options.MaxOutputTokens = 64;
            options.Retrieval.TopK = 2;
            configure?.Invoke(options);
        });
        await runtime.Index.AddAsync(Handbook.AllAsync(), TestEnds).CountAsync(TestEnds);
        return runtime;
    }

    /// <summary>Starts a model that answers every prompt with the same text, over a document about backups and one about logs.</summary>
    private static async Task<RagRuntime> StartEchoAsync(EmbeddedGarnetServer garnet, string output)
    {
        // Its prompt ends once, at its end: nothing before an earlier answer is like what is before the next one.
        string template = $"{output}{(char)CharTokenizer.EndOfText}{{% for m in messages %}}<{{{{ m.content }}}}>{{% endfor %}}{EchoModel.EndOfPrompt}";
        var runtime = new RagRuntime(
            new RedisInferOptions
            {
                ModelPath = "echo",
                SystemPrompt = "",
                Capacity = { ContextSize = 8192, MaxConcurrentRequests = 1 },
                Retrieval = { TopK = 1 },
            },
            new RagComponents { Connection = garnet, InferenceEngine = new EchoEngine(template) });
        RagDocument[] documents = [new("backup.md", "Backups are kept for 30 days.\n"), new("logs.md", "Logs are kept for 7 days.\n")];
        await runtime.Index.AddAsync(documents.ToAsyncEnumerable(), TestEnds).CountAsync(TestEnds);
        return runtime;
    }
}
