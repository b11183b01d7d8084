using RedisInfer.Corpus;
using RedisInfer.Tests.Support.Servers;
using RedisInfer.Words;

namespace RedisInfer.Tests.Integration.Corpus;

/// <summary>Questions wait for one another, and for the words to be read in, without a thread.</summary>
public sealed class WordSearchTurnTests(GarnetFixture server) : IClassFixture<GarnetFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // If a waiting question blocked its thread, it could not be cancelled, and this test would not end.
    [Fact(Timeout = 60_000)]
    public async Task QuestionThatWaitsForTheWordsOfAnotherIsCancelledAtOnce()
    {
        using TestCorpus corpus = await TestCorpus.OpenAsync(await server.ConnectAsync());
        await corpus.WriteAsync("a", 0, "tide table");
        IReadOnlyList<WordQuery> words = new WordReader().ReadQuestion("tide");
        var isSearching = new TaskCompletionSource();
        using var mayGoOn = new ManualResetEventSlim();
        var slow = new ObservedList<WordQuery>(words, _ =>
        {
            isSearching.TrySetResult();
            mayGoOn.Wait(Cancellation);
        });
        Task<CorpusSearch?> first = Task.Run(() => corpus.Store.SearchAsync(Query(slow), 5, Cancellation), Cancellation);
        await isSearching.Task;
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        Task<CorpusSearch?> second = corpus.Store.SearchAsync(Query(words), 5, cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);

        mayGoOn.Set();
        Assert.Single((await first)!.ByWords.Hits);
        Assert.Single((await corpus.Store.SearchAsync(Query(words), 5, Cancellation))!.ByWords.Hits);
    }

    private static CorpusQuery Query(IReadOnlyList<WordQuery> words) =>
        new(TestCorpus.Direction(0), words, ByVector: false, ByWords: true);
}
