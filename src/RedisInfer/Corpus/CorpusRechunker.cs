using RedisInfer.Corpus.Indexes;
using RedisInfer.Corpus.Records;
using RedisInfer.Errors;
using StackExchange.Redis;

namespace RedisInfer.Corpus;

/// <summary>
/// Gives a corpus the chunks of another chunker. Each document is written again from its stored chunks, as a new version with the same path
/// and labels. When none of an earlier chunker is left, the corpus names the new one. Until then it is refused, and nothing is lost: a call
/// that was interrupted is made again.
/// </summary>
internal sealed class CorpusRechunker(CorpusHandle handle, CorpusReader reader, ManifestMirror manifest)
{
    /// <inheritdoc cref="CorpusStore.RechunkAsync"/>
    public async Task RunAsync(
        IndexIdentity identity,
        Func<ManifestEntry, StoredChunk?[], IndexIdentity, Task<ManifestEntry?>> rewrite,
        Action<ManifestEntry, MirroredManifest> progress,
        Func<Func<Task>, Task> patiently,
        CancellationToken cancellationToken)
    {
        if (await handle.ReadMetaAsync().ConfigureAwait(false) is not { } old || old.Identity == identity)
            return;
        old.Require(handle.Keys.Corpus, identity with { Chunker = old.Identity.Chunker });
        CorpusMeta now = old with { Identity = identity };
        var done = new Dictionary<string, ManifestEntry>();
        for (int conflict = 0; conflict < MetaChange.MaxConflicts; conflict++)
        {
            MirroredManifest state = await MetaChange.PatientlyAsync(
                patiently, () => manifest.CatchUpAsync(old, cancellationToken)).ConfigureAwait(false);
            ManifestEntry[] left = [.. state.Entries.Values.Where(entry => !entry.IsSameWrite(done.GetValueOrDefault(entry.Path)))];
            if (left.Length == 0)
            {
                if (await MetaChange.PatientlyAsync(patiently, () => TryCommitAsync(old, now, state)).ConfigureAwait(false))
                {
                    handle.Learn(now.Encode());
                    return;
                }

                await handle.BackOffAsync(conflict, cancellationToken).ConfigureAwait(false);
            }

            foreach (ManifestEntry entry in left)
            {
                cancellationToken.ThrowIfCancellationRequested();
                StoredChunk?[] chunks = await MetaChange.PatientlyAsync(
                    patiently,
                    () => reader.ReadDocumentAsync(identity.TokenizerFingerprint, entry, cancellationToken)).ConfigureAwait(false);

                // A document that has changed meanwhile is read again in the next round, and a removed one is not.
                if (await rewrite(entry, chunks, old.Identity).ConfigureAwait(false) is { } written)
                    done[entry.Path] = written;
                progress(entry, state);
            }
        }

        throw new RedisInferException(
            RedisInferErrorCode.StoreUnavailable,
            $"The chunks of the corpus '{handle.Keys.Corpus}' could not be renewed: it was cleared, or kept changing. Let no other process "
            + "index it, and try again.");
    }

    private async Task<bool> TryCommitAsync(CorpusMeta old, CorpusMeta now, MirroredManifest state)
    {
        // An earlier attempt may have succeeded, and its answer may be lost.
        CorpusMeta? current = CorpusMeta.Decode(
            handle.Keys.Corpus, await handle.Database.HashGetAllAsync(handle.Keys.Meta, CommandFlags.DemandMaster).ConfigureAwait(false));
        return current == now || await MetaChange.TryCommitAsync(handle, old, now, state, _ => []).ConfigureAwait(false);
    }
}
