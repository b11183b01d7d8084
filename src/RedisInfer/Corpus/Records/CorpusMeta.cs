using System.Globalization;
using RedisInfer.Errors;
using StackExchange.Redis;

namespace RedisInfer.Corpus.Records;

/// <summary>What a corpus was made with, as its meta hash says.</summary>
/// <param name="Identity">Embedding, tokenizer and chunker.</param>
/// <param name="Storage">Where its vectors are.</param>
/// <param name="Epoch">A number that changes when the corpus is cleared. It names the Vector Set.</param>
internal sealed record CorpusMeta(IndexIdentity Identity, VectorStorage Storage, long Epoch)
{
    public static readonly RedisValue EpochField = "epoch";

    /// <summary>The field of the <see cref="CosineSpread"/>. It is learned later and may be missing.</summary>
    public static readonly RedisValue SpreadField = "unrelated";

    private static readonly RedisValue FormatField = "format";
    private static readonly RedisValue EmbeddingField = "embedding";
    private static readonly RedisValue DimensionsField = "dimensions";
    private static readonly RedisValue TokenizerField = "tokenizer";
    private static readonly RedisValue ChunkerField = "chunker";
    private static readonly RedisValue VectorsField = "vectors";

    // The first format names no chunker.
    private const string FirstFormat = "1";
    private const string Format = "2";
    private const string VectorSet = "vector-set";
    private const string Documents = "documents";
    private const string None = "none";

    public HashEntry[] Encode() =>
    [
        new(FormatField, Format),
        new(EmbeddingField, Identity.Embedding),
        new(DimensionsField, Identity.Dimensions),
        new(TokenizerField, Identity.TokenizerFingerprint),
        new(ChunkerField, Identity.Chunker),
        new(VectorsField, Storage switch { VectorStorage.VectorSet => VectorSet, VectorStorage.Documents => Documents, _ => None }),
        new(EpochField, Epoch),
    ];

    /// <summary>Reads the hash; <see langword="null"/> if it is empty.</summary>
    /// <exception cref="RedisInferException">
    /// <see cref="RedisInferErrorCode.IndexMismatch"/>: the corpus has another format. <see cref="RedisInferErrorCode.StateCorrupt"/>: a
    /// field is missing or cannot be read.
    /// </exception>
    public static CorpusMeta? Decode(string corpus, HashEntry[] entries)
    {
        if (entries.Length == 0)
            return null;

        Dictionary<string, string> fields = entries.ToDictionary(e => e.Name.ToString(), e => e.Value.ToString());
        string format = fields.GetValueOrDefault(FormatField.ToString(), "");
        if (format is not (Format or FirstFormat))
        {
            throw new RedisInferException(
                RedisInferErrorCode.IndexMismatch,
                $"The corpus '{corpus}' has format '{format}', but this release reads format {Format} and before. Use the release that made it, "
                + "choose another corpus name, or clear the corpus with that release.");
        }

        VectorStorage? storage = fields.GetValueOrDefault(VectorsField.ToString()) switch
        {
            VectorSet => VectorStorage.VectorSet,
            Documents => VectorStorage.Documents,
            None => VectorStorage.None,
            _ => null,
        };
        if (storage is { } known
            && fields.TryGetValue(EmbeddingField.ToString(), out string? embedding)
            && fields.TryGetValue(TokenizerField.ToString(), out string? tokenizer)
            && (format == FirstFormat ? IndexIdentity.FirstChunker : fields.GetValueOrDefault(ChunkerField.ToString())) is { } chunker
            && int.TryParse(fields.GetValueOrDefault(DimensionsField.ToString()), CultureInfo.InvariantCulture, out int dimensions)
            && dimensions > 0 == (known != VectorStorage.None)
            && dimensions >= 0
            && long.TryParse(fields.GetValueOrDefault(EpochField.ToString()), CultureInfo.InvariantCulture, out long epoch))
        {
            return new CorpusMeta(new IndexIdentity(embedding, dimensions, tokenizer) { Chunker = chunker }, known, epoch);
        }

        throw RecordHeader.Corrupt($"meta of corpus {corpus}", "a field is missing or cannot be read");
    }

    /// <summary>Throws if the corpus was made with another embedding, tokenizer or chunker than the requested ones.</summary>
    /// <exception cref="RedisInferException"><see cref="RedisInferErrorCode.IndexMismatch"/>.</exception>
    public void Require(string corpus, IndexIdentity asked)
    {
        if (Identity == asked)
            return;

        var differences = new List<string>();
        if (Identity.Embedding != asked.Embedding || Identity.Dimensions != asked.Dimensions)
        {
            differences.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"embedding '{Identity.Embedding}' of {Identity.Dimensions} dimensions "
                + $"(requested: '{asked.Embedding}' of {asked.Dimensions})"));
        }

        if (Identity.TokenizerFingerprint != asked.TokenizerFingerprint)
        {
            differences.Add(
                $"the tokenizer {Identity.TokenizerFingerprint} (requested: {asked.TokenizerFingerprint}, that of the model in use)");
        }

        if (Identity.Chunker != asked.Chunker)
            differences.Add($"the chunker '{Identity.Chunker}' (requested: '{asked.Chunker}')");
        bool canRenew = Identity.TokenizerFingerprint == asked.TokenizerFingerprint;
        bool isSameEmbedding = Identity.Embedding == asked.Embedding && Identity.Dimensions == asked.Dimensions;
        throw new RedisInferException(
            RedisInferErrorCode.IndexMismatch,
            $"The corpus '{corpus}' was made with {string.Join(" and ", differences)}. Use what it was made with, choose another corpus name, "
            + (canRenew && !isSameEmbedding ? "embed its texts again (IRagIndex.ReembedAsync), " : "")
            + (canRenew && Identity.Chunker != asked.Chunker ? "cut its texts again (IRagIndex.RechunkAsync), " : "")
            + "or clear the corpus (IRagIndex.ClearAsync) and index again.");
    }
}
