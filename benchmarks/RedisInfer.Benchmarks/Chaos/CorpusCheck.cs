using RedisInfer.Corpus.Records;
using RedisInfer.Redis;
using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Benchmarks.Chaos;

/// <summary>
/// Compares the corpus with the folder, record by record. What it should hold comes from a second server that never fails. There each new
/// version of a document is indexed alone, into a corpus that does not have the document.
/// </summary>
internal sealed class CorpusCheck : IAsyncDisposable
{
    private const string FreshCorpus = "fresh";

    private readonly RedisServer _server;
    private readonly RedisConnectionSource _source;
    private readonly RagRuntime _runtime;
    private readonly Dictionary<string, (int Version, StoredDocument Stored)> _fresh = [];

    private CorpusCheck(RedisServer server)
    {
        _server = server;
        _source = new RedisConnectionSource(server.Configuration);
        _runtime = ChaosRuntime.Create(server.Configuration, FreshCorpus);
    }

    public static async Task<CorpusCheck> StartAsync(RedisVersion version, CancellationToken cancellationToken) =>
        new(await RedisServer.StartAsync(version, cancellationToken: cancellationToken));

    /// <summary>Compares. Nothing may change the folder or the corpus meanwhile.</summary>
    public async Task<CheckResult> RunAsync(string redis, ChangingFolder folder, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, DocumentVersion> documents = folder.Current;
        foreach ((string path, DocumentVersion version) in documents)
        {
            await RefreshAsync(path, version, cancellationToken);
        }

        await using var source = new RedisConnectionSource(redis);
        using StoredCorpus corpus = await StoredCorpus.OpenAsync(
            await source.ConnectAsync(cancellationToken), ChaosRuntime.Corpus, cancellationToken);
        CorpusMeta meta = await corpus.ReadMetaAsync();
        List<ManifestEntry> entries = await corpus.ListAsync(cancellationToken);
        var torn = new List<string>();
        foreach (ManifestEntry entry in entries)
        {
            string? difference = documents.ContainsKey(entry.Path)
                ? (await corpus.ReadAsync(meta, entry, cancellationToken)).FindDifference(_fresh[entry.Path].Stored)
                : "it is not in the folder";
            if (difference is not null)
                torn.Add($"{entry.Path}: {difference}");
        }

        return new CheckResult(
            [.. documents.Keys.Except(entries.Select(entry => entry.Path))],
            torn,
            await corpus.FindOrphansAsync(meta, entries, cancellationToken),
            await corpus.CountAnnouncedAsync());
    }

    /// <summary>Deletes the signs of life of all writers, as if a minute had passed.</summary>
    public static async Task ForgetWritersAsync(string redis, CancellationToken cancellationToken)
    {
        await using var source = new RedisConnectionSource(redis);
        using StoredCorpus corpus = await StoredCorpus.OpenAsync(
            await source.ConnectAsync(cancellationToken), ChaosRuntime.Corpus, cancellationToken);
        await corpus.ForgetWritersAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _runtime.DisposeAsync();
        await _source.DisposeAsync();
        await _server.DisposeAsync();
    }

    /// <summary>Indexes a version that is not known yet.</summary>
    private async Task RefreshAsync(string path, DocumentVersion version, CancellationToken cancellationToken)
    {
        if (_fresh.TryGetValue(path, out (int Version, StoredDocument Stored) known) && known.Version == version.Number)
            return;
        await _runtime.Index.RemoveAsync(path, cancellationToken);

        // As the reader of files describes it.
        var document = new RagDocument(path, version.Text) { MediaType = "text/markdown", Encoding = "utf-8" };
        await _runtime.Index.AddAsync(document, cancellationToken);
        using StoredCorpus corpus = await StoredCorpus.OpenAsync(
            await _source.ConnectAsync(cancellationToken), FreshCorpus, cancellationToken);
        ManifestEntry entry = (await corpus.ListAsync(cancellationToken)).Single(entry => entry.Path == path);
        _fresh[path] = (version.Number, await corpus.ReadAsync(await corpus.ReadMetaAsync(), entry, cancellationToken));
    }
}
