using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RedisInfer.Chunking;
using RedisInfer.Corpus;
using RedisInfer.Corpus.Records;
using RedisInfer.Prompting;
using RedisInfer.Redis;
using RedisInfer.Retrieval;
using RedisInfer.Tests.Support.Servers;
using RedisInfer.Words;
using StackExchange.Redis;

namespace RedisInfer.Tests.Integration.Corpus;

/// <summary>One corpus of a test: a store, a retriever, and documents whose vectors have the directions that the test chooses.</summary>
internal sealed class TestCorpus : IDisposable
{
    public const int Dimensions = 8;

    private const int LinesPerChunk = 10;
    private const long DefaultVectorMemoryBytes = 1 << 20;

    public static readonly IndexIdentity Identity = new("test/1", Dimensions, "00112233445566778899aabbccddeeff");

    private TestCorpus(string name, IConnectionMultiplexer connection, CorpusStore store)
    {
        Name = name;
        Connection = connection;
        Store = store;
        Retriever = new Retriever(store, TimeProvider.System);
    }

    public string Name { get; }

    /// <summary>If 0, the server searches the vectors, provided that it can.</summary>
    public required long VectorMemoryBytes { get; init; }

    public IConnectionMultiplexer Connection { get; }

    public CorpusStore Store { get; }

    public Retriever Retriever { get; }

    public IDatabase Database => Connection.GetDatabase();

    public CorpusKeys Keys => new(Name);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<TestCorpus> OpenAsync(
        IConnectionMultiplexer connection,
        string? name = null,
        TimeProvider? time = null,
        long vectorMemoryBytes = DefaultVectorMemoryBytes,
        ILogger? logger = null,
        long searchMemoryBytes = 0)
    {
        name ??= ServerFixture.UniqueName();
        CorpusStore store = await CorpusStore.OpenAsync(
            connection, name, new AdaptiveContextLoader(), new SearchMemory(vectorMemoryBytes, searchMemoryBytes), logger ?? NullLogger.Instance, time ?? TimeProvider.System, Cancellation);
        return new TestCorpus(name, connection, store) { VectorMemoryBytes = vectorMemoryBytes };
    }

    /// <summary>Opens a second store on the same corpus, as another process would.</summary>
    public Task<TestCorpus> OpenAnotherAsync() => OpenAsync(Connection, Name, vectorMemoryBytes: VectorMemoryBytes);

    /// <summary>Writes a document with one chunk per text. Chunk i points along axis <paramref name="axis"/>, slightly tilted.</summary>
    public Task<ManifestEntry> WriteAsync(string path, int axis, params string[] texts) => WriteAsync(path, axis, DocumentLabels.None, texts);

    public async Task<ManifestEntry> WriteAsync(string path, int axis, DocumentLabels labels, params string[] texts) => (await Store.WriteAsync(
        Identity, path, HashOf(texts), texts.Sum(t => t.Length), Chunks(axis, path, texts), Cancellation, labels))!;

    /// <summary>Writes a new version of a document and keeps the chunks at some positions of the old version.</summary>
    public Task<ManifestEntry?> WriteOverAsync(ManifestEntry before, int axis, params (int? Kept, string Text)[] chunks)
    {
        string[] texts = [.. chunks.Select(chunk => chunk.Text)];
        ChunkWrite[] writes =
        [
            .. Chunks(axis, before.Path, texts).Select((write, i) => chunks[i].Kept is { } position
                ? write with { Vector = default, Kept = new KeptChunk(position, LinesPerChunk * (i - before.Layout.At(position).First)) }
                : write),
        ];
        return Store.WriteAsync(Identity, before.Path, HashOf(texts), 1, writes, Cancellation, before: before);
    }

    public static ChunkWrite[] Chunks(int axis, params string[] texts) => Chunks(axis, "", texts);

    /// <summary>A vector along an axis, tilted toward the next axis.</summary>
    public static float[] Direction(int axis, float tilt = 0)
    {
        var vector = new float[Dimensions];
        vector[axis] = 3;
        vector[(axis + 1) % Dimensions] = 3 * tilt;
        return vector;
    }

    public static int[] TokensOf(string text) => [.. text.Select(c => (int)c)];

    public static string HashOf(params string[] texts) =>
        Convert.ToHexStringLower(System.IO.Hashing.XxHash128.Hash(System.Text.Encoding.UTF8.GetBytes(string.Join('\0', texts))));

    public async Task<IReadOnlyList<Passage>> SearchAsync(int axis, int topK = 5, float minScore = 0.5f) =>
        await FindAsync(Direction(axis), topK, minScore);

    public Task<IReadOnlyList<Passage>> FindAsync(float[] vector, int topK, float minScore) =>
        FindAsync(new RetrievalQuery("", vector, topK, minScore) { Mode = RetrievalMode.Vector });

    public async Task<IReadOnlyList<Passage>> FindAsync(RetrievalQuery query) =>
        (await Retriever.SearchAsync(query, Cancellation)).Passages;

    // Each document also has its own tilt, as real documents do: no two have the same vectors.
    private static ChunkWrite[] Chunks(int axis, string path, string[] texts)
    {
        float ofPath = System.IO.Hashing.XxHash32.HashToUInt32(System.Text.Encoding.UTF8.GetBytes(path)) / (float)uint.MaxValue;
        return
        [
            .. texts.Select((text, i) =>
            {
                float[] vector = Direction(axis, 0.01f * i);
                vector[(axis + 2) % Dimensions] = 0.05f * ofPath;
                return new ChunkWrite(new Chunk(i, text, (LinesPerChunk * i) + 1, (LinesPerChunk * i) + 9), TokensOf(text), vector, new WordReader().Read(text));
            }),
        ];
    }

    /// <summary>All keys of the corpus on the server, sorted.</summary>
    public async Task<List<string>> KeysAsync()
    {
        IServer server = Connection.GetServers().Single();
        var keys = new List<string>();
        await foreach (RedisKey key in server.KeysAsync(pattern: $"{{{Name}}}:*").WithCancellation(Cancellation))
        {
            keys.Add(key.ToString());
        }

        keys.Sort(StringComparer.Ordinal);
        return keys;
    }

    /// <summary>Number of elements in the Vector Set; -1 if vectors are stored per document.</summary>
    public async Task<long> VectorCountAsync()
    {
        if (!Store.Capabilities.HasVectorSets)
            return -1;
        RedisValue epoch = await Database.HashGetAsync(Keys.Meta, "epoch");
        return epoch.IsNull ? 0 : (long)await Database.ExecuteAsync("VCARD", Keys.VectorSet((long)epoch));
    }

    public void Dispose() => Store.Dispose();
}
