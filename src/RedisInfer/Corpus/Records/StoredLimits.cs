using System.Globalization;
using RedisInfer.Errors;

namespace RedisInfer.Corpus.Records;

/// <summary>How large a document may be. The limits are the same on every server.</summary>
internal static class StoredLimits
{
    /// <summary>Bytes of the largest value. A server closes the connection on a larger one (<c>proto-max-bulk-len</c>).</summary>
    public const int MaxValueBytes = 512 << 20;

    // All chunks of a document are in memory while it is indexed, each with text, tokens, words and several copies of its vector.
    public const int MostChunks = 128 << 10;

    /// <summary>Most tags of a document, and most metadata values. Every process reads all of them.</summary>
    public const int MostLabels = 256;

    /// <summary>Most characters of a tag, of a name and of a metadata value.</summary>
    public const int LongestLabel = 1024;

    /// <summary>Most chunks of a document: their vectors may be stored as one value.</summary>
    /// <param name="dimensions">Length of the vectors.</param>
    public static int MaxChunks(int dimensions) =>
        (int)Math.Min(MostChunks, (MaxValueBytes - RecordHeader.Size) / VectorRecord.BytesPerRow(dimensions));

    /// <summary>Which limit the tags or the metadata of a document exceed; <see langword="null"/> if none.</summary>
    public static string? FindProblem(string path, IReadOnlyCollection<string> tags, IReadOnlyDictionary<string, string> metadata)
    {
        if (Math.Max(tags.Count, metadata.Count) > MostLabels)
            return $"The document '{path}' has {tags.Count} tags and {metadata.Count} metadata values: use at most {MostLabels} of each.";
        string? tooLong = tags.Concat(metadata.Keys).Concat(metadata.Values).FirstOrDefault(label => label.Length > LongestLabel);
        return tooLong is null
            ? null
            : $"The document '{path}' has a tag, metadata name or metadata value of {tooLong.Length} characters: use at most {LongestLabel}.";
    }

    /// <summary>Throws if a value would be too large. Its size is not an <see cref="int"/> until then.</summary>
    /// <param name="name">The key it is stored under.</param>
    /// <param name="bytes">Its size.</param>
    /// <returns>The size.</returns>
    /// <exception cref="RedisInferException"><see cref="RedisInferErrorCode.DocumentNotReadable"/>.</exception>
    public static int CheckValue(string name, long bytes) => bytes <= MaxValueBytes
        ? (int)bytes
        : throw new RedisInferException(
            RedisInferErrorCode.DocumentNotReadable,
            string.Create(CultureInfo.InvariantCulture, $"The value '{name}' would have {bytes} bytes, over the limit of {MaxValueBytes}. ")
            + "Split the document, or make its chunks larger.");
}
