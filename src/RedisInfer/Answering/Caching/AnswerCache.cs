using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using RedisInfer.KvBlocks;
using RedisInfer.Scheduling;

namespace RedisInfer.Answering.Caching;

/// <summary>
/// Gives answers again that were computed for the same prompt, settings and model, and lets only one of several equal requests compute.
/// Thread-safe.
/// </summary>
internal sealed class AnswerCache : IAsyncDisposable
{
    private const int KeyVersion = 1;

    // How long a request waits for an equal one. That one's reader may be slow, and then it does not end.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    // How long disposal waits for answers that are on their way to Redis.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly KvIdentity _identity;
    private readonly RedisAnswerStore _store;
    private readonly Counter<long> _found;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<KvBlockKey, AnswerFlight> _flights = new();
    private readonly ConcurrentDictionary<Task, bool> _writes = new();

    /// <summary>Creates a cache.</summary>
    /// <param name="identity">Model, settings and tenant.</param>
    /// <param name="store">Where answers are kept.</param>
    /// <param name="meter">The meter that counts. Not disposed of.</param>
    /// <param name="time">The clock.</param>
    public AnswerCache(KvIdentity identity, RedisAnswerStore store, Meter meter, TimeProvider time)
    {
        _time = time;
        _identity = identity;
        _store = store;
        _found = meter.CreateCounter<long>("redisinfer.answers.reused", "{answer}", "Answers given again from the answer cache.");
    }

    /// <summary>Whether the model would write the same answer again.</summary>
    public static bool CanKeep(CompletionRequest request) => request.Sampling.Temperature == 0 || request.Sampling.Seed is not null;

    /// <summary>Finds an answer, or waits for another request that computes it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="format">The format that the answer has; <see langword="null"/>: text.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// The answer; or the flight of this request, which must compute it and then call <see cref="Keep"/> or <see cref="GiveUp"/>; or neither:
    /// an equal request takes too long.
    /// </returns>
    public async Task<(StoredAnswer? Answer, AnswerFlight? Flight)> FindAsync(
        CompletionRequest request, RagResponseFormat? format, CancellationToken cancellationToken)
    {
        KvBlockKey key = NameOf(request, format);
        while (true)
        {
            var own = new AnswerFlight(key);
            AnswerFlight flight = _flights.GetOrAdd(key, own);
            StoredAnswer? answer;
            try
            {
                answer = flight == own
                    ? await ReadAsync(own, cancellationToken).ConfigureAwait(false)
                    : await flight.Landed.WaitAsync(LongestWait, _time, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                return (null, null);
            }

            if (answer is not null)
            {
                _found.Add(1);
                return (answer, null);
            }

            if (flight == own)
            {
                return (null, own);
            }
        }
    }

    /// <summary>Keeps an answer that was computed.</summary>
    public void Keep(AnswerFlight flight, StoredAnswer answer)
    {
        if (flight.Land(answer))
        {
            Task write = WriteAsync(flight, answer);
            _writes[write] = true;
            _ = write.ContinueWith(done => _writes.TryRemove(done, out _), TaskScheduler.Default);
        }
    }

    /// <summary>Lets another request compute the answer, if this one did not.</summary>
    public void GiveUp(AnswerFlight flight)
    {
        if (!flight.Landed.IsCompleted)
        {
            End(flight, null);
        }
    }

    public async ValueTask DisposeAsync() =>
        await Task.WhenAny(Task.WhenAll(_writes.Keys), Task.Delay(Patience)).ConfigureAwait(false);

    /// <summary>Reads what is stored. Others wait meanwhile, and get it too.</summary>
    private async Task<StoredAnswer?> ReadAsync(AnswerFlight flight, CancellationToken cancellationToken)
    {
        StoredAnswer? answer = null;
        bool isRead = false;
        try
        {
            answer = await _store.ReadAsync(_identity, flight.Key, cancellationToken).ConfigureAwait(false);
            isRead = true;
            return answer;
        }
        finally
        {
            if (answer is not null || !isRead)
            {
                End(flight, answer);
            }
        }
    }

    private void End(AnswerFlight flight, StoredAnswer? answer)
    {
        _flights.TryRemove(new(flight.Key, flight)); // before those wake that ask again
        flight.Land(answer);
    }

    private async Task WriteAsync(AnswerFlight flight, StoredAnswer answer)
    {
        await _store.WriteAsync(_identity, flight.Key, answer).ConfigureAwait(false);
        _flights.TryRemove(new(flight.Key, flight));
    }

    /// <summary>A name of everything that the answer depends on.</summary>
    private KvBlockKey NameOf(CompletionRequest request, RagResponseFormat? format)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(KeyVersion);
        writer.Write(request.Prompt.Length);
        foreach (int token in request.Prompt)
        {
            writer.Write(token);
        }

        writer.Write(request.MaxOutputTokens);
        SamplingOptions sampling = request.Sampling;
        writer.Write(sampling.Temperature);
        writer.Write(sampling.TopK);
        writer.Write(sampling.TopP);
        writer.Write(sampling.MinP);
        writer.Write(sampling.RepetitionPenalty);
        writer.Write(sampling.RepetitionWindow);
        writer.Write(sampling.Seed is { } seed ? seed : -1L);
        writer.Write(request.StopSequences.Count);
        foreach (string stop in request.StopSequences)
        {
            writer.Write(stop);
        }

        writer.Write(request.Thoughts?.Open?.Open ?? "");
        writer.Write(request.Thoughts?.MaxTokens ?? -1);
        writer.Write(format?.Schema.GetRawText() ?? "");

        // With independent passages, the states are not those of the prompt.
        writer.Write(request.Passages is { } plan ? string.Join(';', plan.Parts) : "");
        writer.Flush();
        return _identity.Name("answer", bytes.ToArray());
    }
}
