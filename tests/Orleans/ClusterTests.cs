using RedisInfer.Tests.ClusterHost;

namespace RedisInfer.Tests.Orleans;

/// <summary>Three processes that answer each other's questions, killed for real.</summary>
public sealed class ClusterTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>
{
    private const int LongAnswer = 300;

    // In milliseconds. A test takes seconds. One that waits for something that does not come should say which it is.
    private const int Limit = 180_000;

    // So random that answers are of any length, and some of them long.
    private static readonly SamplingOptions Random = new() { Temperature = 5, TopP = 1, MinP = 0 };

    private LoopbackCluster Cluster => fixture.Cluster;

    private ClusterProcess Asker => Cluster.Hosts[0];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = Limit)]
    public async Task EveryHostLetsTheSameHostAnswer()
    {
        var answering = new HashSet<string>();
        foreach (string question in fixture.Questions)
        {
            List<ClusterReply> replies = [];
            foreach (ClusterProcess host in Cluster.Hosts)
            {
                replies.Add(await AnswerAsync(host.Ask(question)));
            }

            answering.Add(Assert.Single(replies.Select(reply => reply.Route!.Host).Distinct()));
            Assert.Single(replies.Select(reply => reply.Text).Distinct());
            Assert.Equal(1, replies.Count(reply => reply.Route!.IsLocal));
            Assert.DoesNotContain(replies, reply => reply.Route!.IsMoved);

            // The first may find nothing in memory. Then all do.
            Assert.All(replies.Skip(1), reply => Assert.Equal(0, reply.RestoredTokens));
            Assert.All(replies.Skip(1), reply => Assert.True(reply.Usage!.CachedTokens >= reply.PassageTokens));
        }

        Assert.True(answering.Count > 1, "One host answered everything.");
    }

    [Fact(Timeout = Limit)]
    public async Task CancelingReachesTheOtherSide()
    {
        (string question, ClusterProcess other) = await FindRemoteAsync();
        (SamplingOptions seeded, _) = await FindLongAnswerAsync(question);
        long before = (await other.GetStatusAsync()).Cancelled;
        ClusterAsk ask = await FreezeInTheMiddleAsync(question, seeded, other);
        await other.SignalAsync("CONT");
        await Asker.Send(ClusterCommandKind.Cancel, command => command with { Cancels = ask.Id }).End;

        Assert.Contains("Cancel", (await ask.End).Error, StringComparison.Ordinal);
        while ((await other.GetStatusAsync()).Cancelled == before)
        {
            await Task.Delay(20, Cancellation);
        }
    }

    [Fact(Timeout = Limit)]
    public async Task AHostThatIsKilledInTheMiddleOfAnAnswerIsReplaced()
    {
        (string question, ClusterProcess other) = await FindRemoteAsync();
        (SamplingOptions seeded, ClusterReply whole) = await FindLongAnswerAsync(question);
        ClusterAsk ask = await FreezeInTheMiddleAsync(question, seeded, other);
        other.Kill();
        ClusterReply reply = await AnswerAsync(ask);
        await RestoreAsync(other);

        Assert.Equal(whole.Text, reply.Text);
        Assert.Equal(whole.Text, ask.Text);
        Assert.True(reply.Route is { LostHosts: > 0, IsMoved: true });
        Assert.NotEqual(other.Settings.Name, reply.Route.Host);
    }

    [Fact(Timeout = Limit)]
    public async Task AHostThatIsKilledInTheMiddleOfARandomAnswerEndsItWithAClearError()
    {
        (string question, ClusterProcess other) = await FindRemoteAsync();
        ClusterAsk ask = await FreezeInTheMiddleAsync(question, Random, other);
        other.Kill();
        ClusterReply reply = await ask.End;
        await RestoreAsync(other);

        Assert.StartsWith("AnswerInterrupted", reply.Error, StringComparison.Ordinal);
    }

    [Theory(Timeout = Limit)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AHostThatIsLostBeforeTheFirstTokenIsNotNoticed(bool isKilled)
    {
        (string question, ClusterProcess other) = await FindRemoteAsync();
        ClusterReply whole = await AnswerAsync(Asker.Ask(question));
        await other.SignalAsync("STOP");
        ClusterAsk ask = Asker.Ask(question);
        if (isKilled)
            other.Kill();
        ClusterReply reply = await AnswerAsync(ask);
        if (isKilled)
            await RestoreAsync(other);
        else
            await other.SignalAsync("CONT");
        await Cluster.WaitForHostsAsync(ClusterFixture.HostCount);

        Assert.Equal((whole.Text, whole.Text), (reply.Text, ask.Text));
        Assert.NotEqual(other.Settings.Name, reply.Route!.Host);
    }

    [Fact(Timeout = Limit)]
    public async Task AHostThatStopsGivesItsAnswersToOthers()
    {
        (string question, ClusterProcess other) = await FindRemoteAsync();
        (SamplingOptions seeded, ClusterReply whole) = await FindLongAnswerAsync(question);
        ClusterAsk ask = AskLong(question, seeded);
        await ask.Begun;
        await other.StopAsync();
        ClusterReply reply = await AnswerAsync(ask);
        ClusterReply next = await AnswerAsync(Asker.Ask(question));
        await RestoreAsync(other);

        Assert.Equal((whole.Text, whole.Text), (reply.Text, ask.Text));
        Assert.Equal((0, true), (next.Route!.LostHosts, next.Route.Host != other.Settings.Name));
    }

    [Fact(Timeout = Limit)]
    public async Task WithoutRedisAnswersContinueAndQuestionsWorkAgainWhenItIsBack()
    {
        (string question, _) = await FindRemoteAsync();
        (SamplingOptions seeded, ClusterReply whole) = await FindLongAnswerAsync(question);
        ClusterAsk ask = AskLong(question, seeded);
        await ask.Begun;
        await fixture.Redis.KillAsync();
        ClusterReply reply = await AnswerAsync(ask);
        ClusterReply refused = await Asker.Ask(question).End;
        await fixture.RestartRedisAsync();
        while ((await Asker.Ask(question).End).Error is not null)
        {
            await Task.Delay(200, Cancellation);
        }

        await Cluster.WaitForHostsAsync(ClusterFixture.HostCount);
        Assert.Equal((whole.Text, whole.Text), (reply.Text, ask.Text));
        Assert.StartsWith("StoreUnavailable", refused.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = Limit)]
    public async Task AHostWithoutASiloAsks()
    {
        ClusterProcess client = await Cluster.AddAsync(settings => settings with { IsClient = true });
        try
        {
            ClusterReply own = await AnswerAsync(Asker.Ask(fixture.Questions[0]));
            ClusterReply asked = await AnswerAsync(client.Ask(fixture.Questions[0]));
            ClusterReply empty = await client.Ask(" ").End;

            Assert.Equal((own.Text, own.Route!.Host), (asked.Text, asked.Route!.Host));
            Assert.Equal(own.Citations.Select(citation => citation.Path), asked.Citations.Select(citation => citation.Path));
            Assert.False(asked.Route.IsLocal);
            Assert.Contains("The question is empty", empty.Error, StringComparison.Ordinal);
        }
        finally
        {
            await Cluster.RemoveAsync(client);
        }
    }

    [Fact(Timeout = Limit)]
    public async Task AHostWithOtherInstructionsIsKeptApart()
    {
        ClusterProcess other = await Cluster.AddAsync(settings => settings with { SystemPrompt = "Answer in few words. Cite like [1]." });
        try
        {
            while ((await other.GetStatusAsync()).Hosts == 0)
            {
                await Task.Delay(20, Cancellation);
            }

            Assert.Equal((1, 3), ((await other.GetStatusAsync()).Hosts, (await Asker.GetStatusAsync()).Hosts));
            foreach (string question in fixture.Questions.Take(4))
            {
                Assert.Equal(other.Settings.Name, (await AnswerAsync(other.Ask(question))).Route!.Host);
                Assert.NotEqual(other.Settings.Name, (await AnswerAsync(Asker.Ask(question))).Route!.Host);
            }
        }
        finally
        {
            await other.StopAsync();
            await Cluster.RemoveAsync(other);
        }
    }

    [Fact(Timeout = Limit)]
    public async Task AHotContextSpreadsAndShrinksBack()
    {
        string question = fixture.Questions[0];
        ClusterReply first = await AnswerAsUsualAsync(question);
        ClusterAsk[] asks = [.. Enumerable.Range(0, 12).Select(i => Cluster.Hosts[i % ClusterFixture.HostCount].Ask(question))];
        ClusterReply[] replies = await Task.WhenAll(asks.Select(AnswerAsync));
        ClusterReply last = await AnswerAsUsualAsync(question);

        Assert.Single(replies.Select(reply => reply.Text).Distinct());
        Assert.True(replies.Select(reply => reply.Route!.Host).Distinct().Count() > 1, "The context did not spread.");
        Assert.Equal(first.Route!.Host, last.Route!.Host);
    }

    /// <summary>Asks until the host answers that the context belongs to. What other tests have lost there may still count as its load.</summary>
    private async Task<ClusterReply> AnswerAsUsualAsync(string question)
    {
        ClusterReply reply;
        while ((reply = await AnswerAsync(Asker.Ask(question))).Route!.IsMoved)
        {
            await Task.Delay(100, Cancellation);
        }

        return reply;
    }

    private ClusterAsk AskLong(string question, SamplingOptions sampling) =>
        Asker.Send(ClusterCommandKind.Ask, command => command with { Question = question, Sampling = sampling, MaxOutputTokens = LongAnswer });

    /// <summary>An answer that takes so long that there is time to break something in the middle, with the seed that gives it on every host.</summary>
    private async Task<(SamplingOptions Seeded, ClusterReply Whole)> FindLongAnswerAsync(string question)
    {
        for (uint seed = 1; ; seed++)
        {
            SamplingOptions seeded = Random with { Seed = seed };
            ClusterReply whole = await AnswerAsync(AskLong(question, seeded));
            if (whole.Usage!.GeneratedTokens == LongAnswer)
                return (seeded, whole);
        }
    }

    /// <summary>
    /// Asks until the host is frozen in the middle of the answer. A random answer may end before, and another host may answer if this one has
    /// been silent for a moment.
    /// </summary>
    private async Task<ClusterAsk> FreezeInTheMiddleAsync(string question, SamplingOptions sampling, ClusterProcess answering)
    {
        while (true)
        {
            ClusterAsk ask = AskLong(question, sampling);
            await ask.Begun;
            await answering.SignalAsync("STOP");
            await Task.Delay(100, Cancellation);
            string text = ask.Text;
            await Task.Delay(100, Cancellation);
            if (!ask.End.IsCompleted && ask.Text == text)
                return ask;

            await answering.SignalAsync("CONT");
            await ask.End;
        }
    }

    /// <summary>A question that another host answers, which is not the last one in the list that a test may end.</summary>
    private async Task<(string Question, ClusterProcess Other)> FindRemoteAsync()
    {
        foreach (string question in fixture.Questions)
        {
            if ((await AnswerAsync(Asker.Ask(question))).Route is { IsLocal: false } route)
                return (question, Cluster[route.Host]);
        }

        throw new InvalidOperationException("One host answers all questions.");
    }

    private async Task RestoreAsync(ClusterProcess ended)
    {
        await Cluster.RestartAsync(ended);
        await Cluster.WaitForHostsAsync(ClusterFixture.HostCount);
    }

    private static async Task<ClusterReply> AnswerAsync(ClusterAsk ask)
    {
        ClusterReply reply = await ask.End.WaitAsync(Cancellation);
        Assert.Null(reply.Error);
        return reply;
    }
}
