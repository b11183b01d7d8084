using System.Globalization;
using RedisInfer.Tests.Support.Servers;
using StackExchange.Redis;

namespace RedisInfer.Tests.Integration.Answering;

/// <summary>Answers that are given again, through the public API.</summary>
public abstract class AnswerCacheContractTests(ServerFixture server) : RagContract(server)
{
    private const string Question = "How long are backups of the orders database kept?";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task AnswersAreNotKeptUnlessAskedFor()
    {
        await using RagRuntime runtime = Start();
        await AddAllAsync(runtime);

        RagAnswer first = await runtime.Generator.GenerateAsync(new RagRequest(Question), TestEnds);
        RagAnswer again = await runtime.Generator.GenerateAsync(new RagRequest(Question), TestEnds);

        Assert.Equal((false, false), (first.FromCache, again.FromCache));
        Assert.Equal(0, await StoredAnswersAsync());
    }

    [Fact]
    public async Task EqualQuestionIsAnsweredFromRedisAfterARestartToo()
    {
        RagAnswer first, again, restarted;
        await using (RagRuntime runtime = StartWithAnswerCache())
        {
            await AddAllAsync(runtime);
            first = await runtime.Generator.GenerateAsync(new RagRequest(Question), TestEnds);
            again = await runtime.Generator.GenerateAsync(new RagRequest(Question), TestEnds);
        }

        List<RagUpdate> updates = [];
        await using (RagRuntime runtime = StartWithAnswerCache())
        {
            await foreach (RagUpdate update in runtime.Generator.GenerateStreamingAsync(new RagRequest(Question), TestEnds))
            {
                updates.Add(update);
            }

            restarted = updates[^1].Answer!;
            Assert.Equal(0, runtime.GetStatus().Answered); // by the model
        }

        Assert.Equal((false, true, true), (first.FromCache, again.FromCache, restarted.FromCache));
        Assert.Equal(first.Text, string.Concat(updates.Select(update => update.Text)));
        Assert.All(new[] { again, restarted }, answer =>
        {
            Assert.Equal(first.Text, answer.Text);
            Assert.Equal(first.FinishReason, answer.FinishReason);
            Assert.Equal(first.Citations.Select(citation => citation.Number), answer.Citations.Select(citation => citation.Number));
            Assert.Equal(first.Passages.Select(passage => (passage.Path, passage.Chunk)), answer.Passages.Select(passage => (passage.Path, passage.Chunk)));
            Assert.Equal((first.Usage.PromptTokens, first.Usage.GeneratedTokens), (answer.Usage.PromptTokens, answer.Usage.GeneratedTokens));
            Assert.Equal(answer.Usage.PromptTokens, answer.Usage.CachedTokens);
            Assert.Equal(TimeSpan.Zero, answer.Timings.Decode);
        });
    }

    [Fact]
    public async Task AnswerIsAsNewAsItsPassages()
    {
        await using RagRuntime runtime = StartWithAnswerCache();
        await runtime.Index.AddAsync(new RagDocument("a.md", "Backups of the orders database are kept for 35 days."), TestEnds);
        await runtime.Generator.GenerateAsync(new RagRequest(Question), TestEnds);
        await runtime.Index.AddAsync(new RagDocument("a.md", "Backups of the orders database are kept for 90 days."), TestEnds);

        RagAnswer answer = await runtime.Generator.GenerateAsync(new RagRequest(Question), TestEnds);

        Assert.False(answer.FromCache);
        Assert.Contains("90 days", answer.Passages[0].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0f, null, true)]
    [InlineData(0.8f, 7u, true)]
    [InlineData(0.8f, null, false)] // the model may write something else
    public async Task OnlyAnswersThatTheModelWouldWriteAgainAreKept(float temperature, uint? seed, bool expected)
    {
        await using RagRuntime runtime = StartWithAnswerCache();
        await AddAllAsync(runtime);
        var request = new RagRequest(Question) { Sampling = new SamplingOptions { Temperature = temperature, Seed = seed } };

        await runtime.Generator.GenerateAsync(request, TestEnds);
        RagAnswer again = await runtime.Generator.GenerateAsync(request, TestEnds);

        Assert.Equal(expected, again.FromCache);
    }

    [Fact]
    public async Task RequestsThatDifferAreComputedEach()
    {
        await using RagRuntime runtime = StartWithAnswerCache();
        await AddAllAsync(runtime);
        RagRequest[] requests =
        [
            new(Question),
            new(Question) { MaxOutputTokens = 5 },
            new(Question) { StopSequences = ["zzzz"] },
            new(Question) { Instructions = "Be brief." },
            new(Question) { Sampling = new SamplingOptions { Temperature = 1, Seed = 1 } },
            new(Question) { Sampling = new SamplingOptions { Temperature = 1, Seed = 2 } },
            new(Question) { Sampling = new SamplingOptions { RepetitionPenalty = 1.5f } },
        ];
        foreach (RagRequest request in requests)
        {
            Assert.False((await runtime.Generator.GenerateAsync(request, TestEnds)).FromCache);
        }

        foreach (RagRequest request in requests)
        {
            Assert.True((await runtime.Generator.GenerateAsync(request, TestEnds)).FromCache);
        }
    }

    [Fact]
    public async Task AnswersOfOtherTenantsAreNotFound()
    {
        await using (RagRuntime runtime = StartWithAnswerCache(tenant: "a"))
        {
            await AddAllAsync(runtime);
            await runtime.Generator.GenerateAsync(new RagRequest(Question), TestEnds);
        }

        await using RagRuntime other = StartWithAnswerCache(tenant: "b");
        Assert.False((await other.Generator.GenerateAsync(new RagRequest(Question), TestEnds)).FromCache);
    }

    [Fact]
    public async Task EqualQuestionsAtOnceAreComputedOnce()
    {
        await using RagRuntime runtime = StartWithAnswerCache();
        await AddAllAsync(runtime);

        RagAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => runtime.Generator.GenerateAsync(new RagRequest(Question), TestEnds)));

        Assert.Single(answers, answer => !answer.FromCache);
        Assert.Single(answers.Select(answer => answer.Text).Distinct());
        Assert.Equal(1, runtime.GetStatus().Answered);
    }

    [Fact]
    public async Task IfTheOneThatComputesLeavesAnotherComputes()
    {
        await using RagRuntime runtime = StartWithAnswerCache();
        await AddAllAsync(runtime);
        await using IAsyncEnumerator<RagUpdate> first = runtime.Generator.GenerateStreamingAsync(new RagRequest(Question), TestEnds).GetAsyncEnumerator(TestEnds);
        Assert.True(await first.MoveNextAsync());
        Task<RagAnswer> second = runtime.Generator.GenerateAsync(new RagRequest(Question), TestEnds);
        await first.DisposeAsync();

        RagAnswer answer = await second.WaitAsync(Patience, TestEnds);

        Assert.False(answer.FromCache);
        Assert.NotEmpty(answer.Text);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(40)]
    public async Task DamagedAnswerIsComputedAgain(int at)
    {
        await using RagRuntime runtime = StartWithAnswerCache();
        await AddAllAsync(runtime);
        RagAnswer first = await runtime.Generator.GenerateAsync(new RagRequest(Question), TestEnds);
        RedisKey key = Assert.Single(await AnswerKeysAsync(1));
        IDatabase database = (await Server.ConnectAsync()).GetDatabase();
        byte[] record = (await database.StringGetAsync(key))!;
        Assert.True(await database.KeyTimeToLiveAsync(key) > TimeSpan.FromHours(23));
        Assert.DoesNotContain(first.Text, System.Text.Encoding.UTF8.GetString(record), StringComparison.Ordinal);
        record[at] ^= 1;
        await database.StringSetAsync(key, record);

        RagAnswer again = await runtime.Generator.GenerateAsync(new RagRequest(Question), TestEnds);

        Assert.Equal((false, first.Text), (again.FromCache, again.Text));
    }

    private static async Task AddAllAsync(RagRuntime runtime) => await runtime.Index.AddAsync(Handbook.AllAsync(), TestEnds).ToListAsync(TestEnds);

    private RagRuntime StartWithAnswerCache(string tenant = "") => Start(configure: options =>
    {
        options.AnswerCache.Enabled = true;
        options.KvCache.Tenant = tenant;
    });

    private async Task<int> StoredAnswersAsync() => (await AnswerKeysAsync(0)).Count;

    /// <summary>The keys of stored answers. They are stored after the answer, so this waits for them.</summary>
    private async Task<IReadOnlyList<RedisKey>> AnswerKeysAsync(int expected)
    {
        IConnectionMultiplexer connection = await Server.ConnectAsync();
        for (int tries = 0; ; tries++)
        {
            List<RedisKey> keys = [];
            await foreach (RedisKey key in connection.GetServer(connection.GetEndPoints()[0]).KeysAsync(
                pattern: string.Create(CultureInfo.InvariantCulture, $"{{{Corpus}}}:answer:*")))
            {
                keys.Add(key);
            }

            if (keys.Count >= expected || tries == 100)
            {
                return keys;
            }

            await Task.Delay(50, TestEnds);
        }
    }
}
