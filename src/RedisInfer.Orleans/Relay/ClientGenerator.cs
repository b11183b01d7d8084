using System.Runtime.CompilerServices;
using RedisInfer.Answering;
using RedisInfer.Orleans.Grains;
using RedisInfer.Orleans.Placement;

namespace RedisInfer.Orleans.Relay;

/// <summary>Asks a cluster that this host is only a client of. Needs neither model nor Redis. Thread-safe.</summary>
internal sealed class ClientGenerator(string? key, IGrainFactory grains, AnswerRelay relay, TimeProvider time) : IRagGenerator
{
    private const int MaxAttempts = 5;

    public IAsyncEnumerable<RagUpdate> GenerateStreamingAsync(RagRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        byte[] bytes = HandoffFormat.Write(request);

        // The cluster's own default is not known here. If it is random, a text that differs is noticed.
        bool isRepeatable = request.Sampling is not { } sampling || sampling.Temperature == 0 || sampling.Seed is not null;
        return relay.ReadAsync(NextAttempt, isRepeatable, time.GetTimestamp(), cancellationToken);

        Attempt? NextAttempt(int lost)
        {
            // The context is not known before the search. So questions are spread evenly.
            var nonce = Guid.NewGuid();
            var route = new RouteKey(RouteKey.OfKey(key), nonce.ToString("N"), Silo: null, nonce);
            return lost < MaxAttempts ? new Attempt("The cluster", IsLocal: false, IsMoved: false, left => AskAsync(route, bytes, left)) : null;
        }
    }

    private async IAsyncEnumerable<AttemptStep> AskAsync(
        RouteKey route, byte[] request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IAskGrain grain = grains.GetGrain<IAskGrain>(route.ToString());
        await foreach (AnswerPart part in grain.AskAsync(request, cancellationToken).ConfigureAwait(false))
        {
            yield return new AttemptStep(part.Host, AnswerParts.Read(part));
        }
    }
}
