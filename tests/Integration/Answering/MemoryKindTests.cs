using RedisInfer.Errors;
using RedisInfer.Llama;
using RedisInfer.Tests.Support.Gguf;
using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Answering;

/// <summary>
/// Models with every kind of memory, through the public API: several requests at once, cancelled ones, failed steps, and what is reused.
/// The table in docs/MODELS.md says which models are of which kind.
/// </summary>
public sealed class MemoryKindTests(Redis8Fixture server) : RagContract(server), IClassFixture<Redis8Fixture>
{
    // A step with other rows rounds otherwise, by about a thousandth of the range of the logits. In longer texts of random weights, two tokens
    // come as near to each other as that.
    private const int ShortAnswer = 8;

    private static readonly string[] Questions =
    [
        "How long are backups of the orders database kept?", "Which port does the gateway listen on?", "Who approves travel costs?", "meal allowance",
    ];

    public static TheoryData<string, bool> Models => new()
    {
        { TestModels.Text, true },
        { TestModels.SlidingWindow, true },
        { TestModels.Recurrent, false },
        { TestModels.Hybrid, false },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public async Task RequestsAtOnceCancelledAndAfterFailedStepsAreAnsweredAsAlone(string model, bool isReused)
    {
        string[] alone = await AnswerAloneAsync(model);
        var engine = new FailingEngine(new LlamaEngine());
        await using RagRuntime runtime = await StartAsync(model, engine, KvReuse.Shared);

        int decodes = 0;
        engine.BeforeDecode = _ =>
        {
            if (++decodes % 17 == 5)
                throw new RedisInferException(RedisInferErrorCode.DecodeFailed, "The test made this step fail.");
        };
        for (int round = 0; round < 3; round++)
        {
            using var left = CancellationTokenSource.CreateLinkedTokenSource(TestEnds);
            Task<RagAnswer>[] asked = [.. Enumerable.Range(0, 12).Select(i => AskAsync(runtime, Questions[i % 4], i % 3 == 2 ? left.Token : TestEnds))];
            await Task.WhenAny(asked);
            await left.CancelAsync();
            for (int i = 0; i < asked.Length; i++)
            {
                if (await Record.ExceptionAsync(() => asked[i]) is { } error)
                    Assert.True(error is OperationCanceledException or RedisInferException { Code: RedisInferErrorCode.DecodeFailed }, error.ToString());
                else
                    Assert.Equal(alone[i % 4], (await asked[i]).Text);
            }
        }

        engine.BeforeDecode = null;
        for (int i = 0; i < Questions.Length; i++)
        {
            Assert.Equal(alone[i], (await AskAsync(runtime, Questions[i], TestEnds)).Text);
        }

        RagAnswer again = await AskAsync(runtime, Questions[0], TestEnds);
        Assert.Equal(alone[0], again.Text);
        Assert.Equal(isReused, again.Usage.CachedTokens > 0);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task StateOfAnotherProcessIsReusedIfTheMemoryCanBeCut(string model, bool isReused)
    {
        string[] alone = await AnswerAloneAsync(model);
        await using (RagRuntime first = await StartAsync(model, null, KvReuse.Shared))
        {
            Assert.Equal(alone[0], (await AskAsync(first, Questions[0], TestEnds)).Text);
        }

        await using RagRuntime second = await StartAsync(model, null, KvReuse.Shared);
        RagAnswer answer = await AskAsync(second, Questions[0], TestEnds);

        Assert.Equal(alone[0], answer.Text);
        Assert.Equal(isReused, answer.Usage.CachedTokens > 0);
    }

    private static Task<RagAnswer> AskAsync(RagRuntime runtime, string question, CancellationToken cancellationToken) =>
        runtime.Generator.GenerateAsync(new RagRequest(question), cancellationToken);

    private async Task<string[]> AnswerAloneAsync(string model)
    {
        await using RagRuntime runtime = await StartAsync(model, null, KvReuse.Off);
        var answers = new List<string>();
        foreach (string question in Questions)
        {
            answers.Add((await AskAsync(runtime, question, TestEnds)).Text);
        }

        return [.. answers];
    }

    private async Task<RagRuntime> StartAsync(string model, FailingEngine? engine, KvReuse reuse)
    {
        RagRuntime runtime = Start(engine: engine, configure: options =>
        {
            options.ModelPath = model;
            options.KvCache.Reuse = reuse;
            options.MaxOutputTokens = ShortAnswer;
        });
        await foreach (IndexedDocument _ in runtime.Index.AddAsync(Handbook.AllAsync(), cancellationToken: TestEnds))
        {
        }

        return runtime;
    }
}
