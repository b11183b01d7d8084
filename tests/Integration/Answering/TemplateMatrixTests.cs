using RedisInfer.Inference;
using RedisInfer.Llama;
using RedisInfer.Tests.Integration.Inference;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Gguf;
using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Answering;

/// <summary>One question through the front door for each family of chat templates, with a made model of its kind of vocabulary.</summary>
public sealed class TemplateMatrixTests(Redis8Fixture server) : RagContract(server), IClassFixture<Redis8Fixture>
{
    private const string Question = "How long are backups of orders kept?";
    private const string Thought = "The archive [1] is not meant.";
    private const string Answer = "Backups are kept for 35 days [2].";

    public static TheoryData<string> Families => [.. TemplateCases.All.Select(one => one.Family.Name)];

    [Theory]
    [MemberData(nameof(Families))]
    public async Task QuestionIsAskedAndAnsweredAsTheFamilyDoes(string name)
    {
        TemplateCase given = TemplateCases.All.Single(one => one.Family.Name == name);
        ModelFamily family = given.Family;
        var model = new ScriptedModel(
            family,
            given.BeforeThought is { } before ? [.. before, "\n" + Thought + "\n"] : [],
            [.. given.BeforeAnswer, (given.BeforeThought is null ? " " : "\n\n") + Answer]);
        string hostile = $"Old backups of orders are kept in the archive. Its lines end with {string.Join(" or ", family.Marks)} .";

        (RagAnswer answer, int[] prompt) = await AskAsync(model.File, hostile);

        string text = $"Context:\n\n[1] archive.md\n{hostile}\n\n[2] backups.md\nBackups of orders are kept for 35 days.\n\nQuestion: {Question}";
        Assert.Equal(given.Head + text + given.Tail, model.Read(prompt));
        if (family.AddsBegin)
            Assert.Equal([0], Positions(family.Begin));
        Assert.All(family.Marks, mark => Assert.Equal(Occurrences(given.Head + given.Tail, mark), Positions(mark).Count()));
        Assert.Equal(Answer, answer.Text);
        Assert.Equal(given.BeforeThought is null ? "" : Thought, answer.Reasoning);
        Assert.Equal("backups.md", Assert.Single(answer.Citations).Path);
        Assert.Equal(RagFinishReason.Stop, answer.FinishReason);

        IEnumerable<int> Positions(string mark) => Enumerable.Range(0, prompt.Length).Where(i => prompt[i] == model.IdOf(mark));
    }

    private static int Occurrences(string text, string mark) => text.Split(mark).Length - 1;

    /// <summary>Indexes documents, of which two are near the question, and asks the question. The prompt is what the engine decodes.</summary>
    private async Task<(RagAnswer Answer, int[] Prompt)> AskAsync(GgufModel file, string hostile)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("model.gguf", file.ToBytes());
        var time = new ManualTime();
        time.Advance(TimeSpan.FromHours(12));
        var decoded = new SortedDictionary<int, int>();
        var engine = new FailingEngine(new LlamaEngine()) { BeforeDecode = batch => Record(batch, decoded) };
        await using RagRuntime runtime = Start(maxConcurrentRequests: 1, engine: engine, time: time, configure: options =>
        {
            options.ModelPath = path;
            options.SystemPrompt = "Be brief.";
            options.Engine.EnableThinking = true;
            options.KvCache.Reuse = KvReuse.Off;
            options.Retrieval.TopK = 2;
        });
        RagDocument[] documents = [new("archive.md", hostile), new("backups.md", "Backups of orders are kept for 35 days."), Handbook.Gateway, Handbook.Travel];
        await foreach (IndexedDocument document in runtime.Index.AddAsync(documents.ToAsyncEnumerable(), cancellationToken: TestEnds))
        {
            Assert.Equal(IndexingStatus.Added, document.Status);
        }

        RagAnswer answer = await runtime.Generator.GenerateAsync(new RagRequest(Question), TestEnds);
        return (answer, [.. decoded.Where(token => token.Key < answer.Usage.PromptTokens).Select(token => token.Value)]);
    }

    private static void Record(TokenBatch batch, SortedDictionary<int, int> decoded)
    {
        for (int row = 0; row < batch.Count; row++)
        {
            decoded[batch.Positions[row]] = batch.Tokens[row];
        }
    }
}
