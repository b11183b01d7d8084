using System.Runtime.CompilerServices;
using RedisInfer.Answering;
using RedisInfer.Orleans.Grains;
using RedisInfer.Orleans.Placement;

namespace RedisInfer.Orleans.Relay;

/// <summary>Searches on this host, and lets the host answer that holds the context warm. Thread-safe.</summary>
internal sealed class RoutedGenerator(LocalRuntime runtime, SiloTable silos, IGrainFactory grains, AnswerRelay relay, TimeProvider time) : IRagGenerator
{
    // Each is a host that was lost while it was asked. After that, this host answers.
    private const int MaxLostHosts = 4;

    /// <summary>Key of its runtime, as <see cref="RouteKey.OfKey"/> writes it.</summary>
    public string Key => runtime.Key;

    public async IAsyncEnumerable<RagUpdate> GenerateStreamingAsync(
        RagRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        long start = time.GetTimestamp();
        FoundQuestion found = await runtime.Runtime.Handoff.SearchAsync(request, cancellationToken).ConfigureAwait(false);
        string group = await runtime.GetGroupAsync(cancellationToken).ConfigureAwait(false);
        var asked = new HashSet<SiloAddress>();
        Lazy<byte[]> bytes = new(() => HandoffFormat.Write(found));
        await foreach (RagUpdate update in relay.ReadAsync(NextAttempt, found.IsRepeatable, start, cancellationToken).ConfigureAwait(false))
        {
            yield return update;
        }

        Attempt NextAttempt(int lost)
        {
            SiloChoice? choice = found.PassageCount > 0 && lost < MaxLostHosts ? silos.Choose(group, found.Context, silo => !asked.Contains(silo)) : null;
            if (choice is not { } chosen || chosen.Silo.Equals(silos.Local))
            {
                return new Attempt(silos.LocalName, IsLocal: true, choice?.IsMoved == true || lost > 0, left => AnswerHereAsync(found, left));
            }

            asked.Add(chosen.Silo);
            var key = new RouteKey(group, found.Context, chosen.Silo, Guid.NewGuid());
            return new Attempt(chosen.Name, IsLocal: false, chosen.IsMoved || lost > 0, left => AnswerThereAsync(chosen.Silo, key, bytes.Value, left));
        }
    }

    private async IAsyncEnumerable<AttemptStep> AnswerHereAsync(FoundQuestion found, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (RagUpdate update in runtime.Runtime.Handoff.AnswerAsync(found, cancellationToken).ConfigureAwait(false))
        {
            yield return new AttemptStep(null, update);
        }
    }

    private async IAsyncEnumerable<AttemptStep> AnswerThereAsync(
        SiloAddress silo, RouteKey key, byte[] question, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IAnswerGrain grain = grains.GetGrain<IAnswerGrain>(key.ToString());
        SiloEntry entry = silos.EntryOf(silo);
        entry.Begin();
        try
        {
            await foreach (AnswerPart part in grain.AnswerAsync(question, cancellationToken).ConfigureAwait(false))
            {
                yield return new AttemptStep(part.Host, AnswerParts.Read(part));
            }
        }
        finally
        {
            entry.End();
        }
    }
}
