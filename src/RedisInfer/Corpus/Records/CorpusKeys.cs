using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using StackExchange.Redis;

namespace RedisInfer.Corpus.Records;

/// <summary>
/// Every key of a corpus, as docs/REDIS_FORMAT.md lists them. The corpus name in braces is a hash tag. It keeps all keys on one node of a
/// Redis Cluster.
/// </summary>
internal sealed partial class CorpusKeys
{
    private const string Tokens = "tokens:";
    private const string ChunkMark = ":chunk_";

    private readonly string _prefix;

    /// <summary>Creates the keys of a corpus.</summary>
    /// <param name="corpus">Its name.</param>
    /// <exception cref="ArgumentException">The name has other characters than <c>A-Z a-z 0-9 . _ -</c>, or not 1 to 64 of them.</exception>
    public CorpusKeys(string corpus)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        if (!CorpusName().IsMatch(corpus))
        {
            throw new ArgumentException(
                $"'{corpus}' is not a valid corpus name. Use 1 to 64 letters, digits, dots, underscores and hyphens.", nameof(corpus));
        }

        Corpus = corpus;
        _prefix = $"{{{corpus}}}:";
        Meta = _prefix + "meta";
        Manifest = _prefix + "manifest";
        Pending = _prefix + "pending";
        Generation = _prefix + "generation";
        Revision = _prefix + "revision";
        Changes = _prefix + "changes";
        KvIndex = _prefix + "kv";
    }

    public string Corpus { get; }

    /// <summary>Hash: what the corpus was made with.</summary>
    public RedisKey Meta { get; }

    /// <summary>Hash: path to manifest record.</summary>
    public RedisKey Manifest { get; }

    /// <summary>Hash: work that is announced and not finished.</summary>
    public RedisKey Pending { get; }

    /// <summary>Counter: the last number given to a write.</summary>
    public RedisKey Generation { get; }

    /// <summary>Counter: rises by a random number with every change of what a question can see.</summary>
    public RedisKey Revision { get; }

    /// <summary>List: the last changes of the manifest, newest first. What the revision rose by, and the path.</summary>
    public RedisKey Changes { get; }

    /// <summary>Sorted set: name and size of each KV block, by when it was last used.</summary>
    public RedisKey KvIndex { get; }

    /// <summary>String with a TTL: the KV state of a run of tokens.</summary>
    public RedisKey KvBlock(string name) => $"{_prefix}kv:{name}";

    /// <summary>String with a TTL: an answer of the model.</summary>
    public RedisKey Answer(string name) => $"{_prefix}answer:{name}";

    /// <summary>String with a TTL: exists as long as a writer lives.</summary>
    public RedisKey Writer(string id) => $"{_prefix}writer:{id}";

    /// <summary>String with a TTL: a token that every change of the document replaces. The path is empty for the epochs.</summary>
    public RedisKey Change(string path) => $"{_prefix}change:{path}";

    /// <summary>String: one chunk.</summary>
    public RedisKey Chunk(in ChunkRef chunk) => _prefix + Element(chunk);

    /// <summary>Vector Set: all vectors written since the corpus was last cleared.</summary>
    public RedisKey VectorSet(long epoch) => string.Create(CultureInfo.InvariantCulture, $"{_prefix}{epoch}:vectors");

    /// <summary>String: the vectors of one write of a document, if the server has no Vector Sets.</summary>
    public RedisKey Vectors(long epoch, long generation, string path) =>
        string.Create(CultureInfo.InvariantCulture, $"{_prefix}{epoch}:{generation}:vectors:{path}");

    /// <summary>String: the words of one write of a document.</summary>
    public RedisKey Words(long generation, string path) =>
        string.Create(CultureInfo.InvariantCulture, $"{_prefix}{generation}:words:{path}");

    /// <summary>Hash: the manifest of a corpus that was cleared, until its chunks are gone.</summary>
    public RedisKey Cleared(long epoch) => string.Create(CultureInfo.InvariantCulture, $"{_prefix}{epoch}:cleared");

    /// <summary>A chunk's name in the Vector Set: its key without the corpus prefix.</summary>
    public static string Element(in ChunkRef chunk) =>
        string.Create(CultureInfo.InvariantCulture, $"{chunk.Generation}:{Tokens}{chunk.Path}{ChunkMark}{chunk.Index}");

    /// <summary>
    /// Reads <see cref="Element"/> back. Path and index are unambiguous, whatever the path holds. The generation ends at the first colon,
    /// and the index starts after the last mark. Neither of them can hold a colon or a mark.
    /// </summary>
    public static bool TryParseElement(string element, out ChunkRef chunk)
    {
        chunk = default;
        int generationEnd = element.IndexOf(':', StringComparison.Ordinal);
        int mark = element.LastIndexOf(ChunkMark, StringComparison.Ordinal);
        int pathStart = generationEnd + 1 + Tokens.Length;
        if (generationEnd <= 0
            || mark <= pathStart
            || !element.AsSpan(generationEnd + 1).StartsWith(Tokens, StringComparison.Ordinal)
            || !long.TryParse(element.AsSpan(0, generationEnd), NumberStyles.None, CultureInfo.InvariantCulture, out long generation)
            || !int.TryParse(element.AsSpan(mark + ChunkMark.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int index))
        {
            return false;
        }

        chunk = new ChunkRef(generation, element[pathStart..mark], index);
        return true;
    }

    /// <summary>Refuses a path that could not be read back unchanged.</summary>
    /// <exception cref="ArgumentException">It is empty, or it is not valid Unicode: two such paths could become the same key.</exception>
    public static void CheckPath(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (FindProblem(path) is { } problem)
            throw new ArgumentException(problem, nameof(path));
    }

    /// <summary>Why a path could not be read back unchanged; <see langword="null"/> if it could.</summary>
    public static string? FindProblem(string path)
    {
        try
        {
            StrictUtf8.GetByteCount(path);
            return null;
        }
        catch (EncoderFallbackException)
        {
            return $"The path '{path}' holds half of a surrogate pair, so it is not valid Unicode. Use another path.";
        }
    }

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,64}\z")]
    private static partial Regex CorpusName();
}
