using System.Diagnostics;
using RedisInfer.Benchmarks.Traffic;
using RedisInfer.Tests.ClusterHost;
using RedisInfer.Tests.Support.Gguf;
using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Benchmarks.Hosts;

/// <summary>
/// Asks the same questions of the same hosts twice: each host answers itself, or the hosts route. Then kills hosts while they answer. Each part has
/// a Redis of its own.
/// </summary>
/// <param name="hostCount">Number of hosts.</param>
/// <param name="plan">The questions.</param>
/// <param name="stored">Share of all contexts that Redis has room for.</param>
/// <param name="kills">Number of kills.</param>
internal sealed class HostsRun(int hostCount, TrafficPlan plan, double stored, int kills)
{
    private const int Seed = 3;
    private const int Passages = 6;

    // A prompt of this model and these documents has some 30 MB of KV states. The hosts together have room for all contexts, and each for a part.
    private const long BytesOfAPrompt = 30 << 20;

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromMinutes(2);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await Machine.DescribeAsync(cancellationToken);
        IReadOnlyList<RagDocument> documents = TrafficPlan.Documents();
        IReadOnlyList<string> questions = plan.Questions(documents);
        Console.WriteLine($"{hostCount} hosts; {documents.Count} documents; {plan.Distinct} different questions in {questions.Count}");
        Console.WriteLine($"{"",-8} {"context",8} {"first",8} {"",6} {"memory:",9} {"first",6} {"Redis:",9} {"first",6} {"computed:",9} {"first",6}");
        Console.WriteLine($"{"asked",-8} {"hits",8} {"token",8} {"p95",6} {"answers",9} {"token",6} {"answers",9} {"token",6} {"answers",9} {"token",6}");
        HostsResult random = await AskAsync(documents, questions, ClusterCommandKind.AskHere, cancellationToken);
        Console.WriteLine(random.Describe("random"));
        HostsResult routed = await AskAsync(documents, questions, ClusterCommandKind.Ask, cancellationToken);
        Console.WriteLine(routed.Describe("routed"));
        (int lost, int twice) = await KillAsync(documents, questions, cancellationToken);
        var figures = new Figures();
        figures.Add("context_hits_random", random.ContextHits);
        figures.Add("context_hits_routed", routed.ContextHits);
        figures.Add("mean_first_token_random_over_routed", random.MeanFirstToken / routed.MeanFirstToken);
        figures.Add("route_overhead_ms_p50", routed.RouteOf50);
        figures.Add("answers_lost_at_kill", lost);
        figures.Add("answers_twice", twice);
        figures.Print();
    }

    /// <summary>Asks each question once, and then in the order of the plan. Each host is as likely to be asked.</summary>
    private async Task<HostsResult> AskAsync(
        IReadOnlyList<RagDocument> documents, IReadOnlyList<string> questions, ClusterCommandKind kind, CancellationToken cancellationToken)
    {
        await using RedisServer redis = await RedisServer.StartAsync(RedisVersion.V8, cancellationToken: cancellationToken);
        await using LoopbackCluster cluster = await StartAsync(redis, documents);
        var random = new Random(Seed);
        List<ClusterReply> first = [];
        foreach (string question in questions.Distinct())
        {
            first.Add(await AskAsync(question));
        }

        List<ClusterReply> replies = [];
        foreach (string question in questions)
        {
            replies.Add(await AskAsync(question));
        }

        return new HostsResult(first, replies);

        async Task<ClusterReply> AskAsync(string question)
        {
            ClusterProcess host = cluster.Hosts[random.Next(hostCount)];
            ClusterReply reply = await host.Send(kind, command => command with { Question = question }).End.WaitAsync(AnswerLimit, cancellationToken);
            return reply.Error is null ? reply : throw new InvalidOperationException($"'{question}' failed: {reply.Error} {host.LastErrors}");
        }
    }

    /// <summary>Kills hosts at any moment of an answer, and starts them again.</summary>
    /// <returns>How many answers were lost, and how many had a text twice.</returns>
    private async Task<(int Lost, int Twice)> KillAsync(
        IReadOnlyList<RagDocument> documents, IReadOnlyList<string> questions, CancellationToken cancellationToken)
    {
        await using RedisServer redis = await RedisServer.StartAsync(RedisVersion.V8, cancellationToken: cancellationToken);
        await using LoopbackCluster cluster = await StartAsync(redis, documents);
        var random = new Random(Seed);
        ClusterProcess asker = cluster.Hosts[0];
        int lost = 0, twice = 0, moved = 0;
        List<double> waits = [];
        for (int kill = 0; kill < kills;)
        {
            string question = questions[random.Next(questions.Count)];
            ClusterReply before = await asker.Ask(question).End.WaitAsync(AnswerLimit, cancellationToken);
            if (before.Route is not { IsLocal: false } route)
            {
                continue;
            }

            kill++;
            ClusterProcess victim = cluster[route.Host];
            long start = Stopwatch.GetTimestamp();
            ClusterAsk ask = asker.Ask(question);
            await Task.Delay(random.NextDouble() * before.Timings!.Total, cancellationToken);
            victim.Kill();
            ClusterReply reply = await ask.End.WaitAsync(AnswerLimit, cancellationToken);
            waits.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            lost += reply.Error is null ? 0 : 1;
            twice += reply.Error is null && ask.Text != reply.Text ? 1 : 0;
            moved += reply.Route is { LostHosts: > 0 } ? 1 : 0;
            if (reply.Error is not null)
            {
                Console.WriteLine($"lost: {reply.Error}");
            }

            await cluster.RestartAsync(victim);
            await cluster.WaitForHostsAsync(hostCount);
        }

        Console.WriteLine(
            $"{kills} kills: {moved} answers were continued by another host; an answer took {(waits.Count > 0 ? Figures.Median(waits) : 0):0} ms (median), "
            + $"{waits.DefaultIfEmpty().Max():0} ms at most");
        return (lost, twice);
    }

    private async Task<LoopbackCluster> StartAsync(RedisServer redis, IReadOnlyList<RagDocument> documents)
    {
        LoopbackCluster cluster = await LoopbackCluster.StartAsync(
            redis,
            WidenedDemo.GetOrCreate(WidenedDemo.Medium),
            hostCount,
            settings => settings with
            {
                Passages = Passages,
                MemoryBytes = BytesOfAPrompt * plan.Distinct * 5 / 4 / hostCount,
                StoredBytes = (long)(BytesOfAPrompt * plan.Distinct * stored),
                SilenceSeconds = 2,
            });
        ClusterReply indexed = await cluster.Hosts[0].Send(
            ClusterCommandKind.Index,
            command => command with { Documents = documents.ToDictionary(document => document.Path, document => document.Text) }).End;
        return indexed.Error is null ? cluster : throw new InvalidOperationException(indexed.Error);
    }
}
