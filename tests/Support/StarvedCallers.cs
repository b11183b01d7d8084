using System.Diagnostics;

namespace RedisInfer.Tests.Support;

/// <summary>
/// Callers that block threads of the pool until their answers are there, while a document is indexed again and again. Call it from a
/// thread that is not the pool's.
/// </summary>
public sealed class StarvedCallers(RagRuntime runtime, IReadOnlyList<string> questions)
{
    /// <summary>Exceptions of all callers and of the indexing so far.</summary>
    public IReadOnlyCollection<Exception> Failures
    {
        get
        {
            lock (_failures)
            {
                return [.. _failures];
            }
        }
    }

    private readonly List<Exception> _failures = [];

    /// <summary>Lets all callers ask at once, each on a blocked thread of the pool.</summary>
    /// <returns>How long it took until all had an answer or an error.</returns>
    public TimeSpan AskBlocked(int callers)
    {
        using var left = new CountdownEvent(callers);
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < callers; i++)
        {
            int number = i;
            ThreadPool.QueueUserWorkItem(_ =>
            {
                Note(() => AskAsync(number).GetAwaiter().GetResult());
                left.Signal();
            });
        }

        left.Wait();
        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Lets all callers ask at once. No thread is blocked.</summary>
    /// <returns>How long it took until all had an answer.</returns>
    public async Task<TimeSpan> AskAwaitedAsync(int callers)
    {
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(AskAsync));
        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Indexes a document again and again.</summary>
    public async Task IndexAsync(CancellationToken stop)
    {
        for (int i = 0; !stop.IsCancellationRequested; i++)
        {
            try
            {
                await runtime.Index.AddAsync(new RagDocument("beside.md", $"The lighthouse keeper counts {i} gulls."), CancellationToken.None);
            }
            catch (Exception e)
            {
                Add(e);
            }
        }
    }

    private Task<RagAnswer> AskAsync(int number) =>
        runtime.Generator.GenerateAsync(new RagRequest(questions[number % questions.Count]) { Caller = $"caller {number % 8}" });

    private void Note(Action call)
    {
        try
        {
            call();
        }
        catch (Exception e)
        {
            Add(e);
        }
    }

    private void Add(Exception e)
    {
        lock (_failures)
        {
            _failures.Add(e);
        }
    }
}
