using System.Globalization;

namespace RedisInfer.Redis;

/// <summary>
/// The stored form of a <see cref="ManifestEntry"/>: fields parted by spaces, readable with <c>HGET</c>: format version,
/// generation, content hash, chunks, tokens, bytes, milliseconds since 1970; in version 2 also the labels, as JSON.
/// </summary>
internal static class ManifestRecord
{
    private const string WithoutLabels = "1";
    private const string WithLabels = "2";
    private const int FieldsWithoutLabels = 7;

    public static string Encode(ManifestEntry entry) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(entry.Labels.IsEmpty ? WithoutLabels : WithLabels)} {entry.Generation} {entry.ContentHash} {entry.ChunkCount} {entry.TokenCount} {entry.ByteCount} "
        + $"{entry.IndexedAt.ToUnixTimeMilliseconds()}{(entry.Labels.IsEmpty ? "" : " " + entry.Labels.Encode())}");

    /// <summary>Reads a record.</summary>
    /// <exception cref="Errors.RedisInferException"><see cref="Errors.RedisInferErrorCode.StateCorrupt"/>.</exception>
    public static ManifestEntry Decode(string path, string record)
    {
        string[] fields = record.Split(' ', FieldsWithoutLabels + 1);
        DocumentLabels? labels = fields switch
        {
            [WithoutLabels, ..] when fields.Length == FieldsWithoutLabels => DocumentLabels.None,
            [WithLabels, ..] when fields.Length > FieldsWithoutLabels => DocumentLabels.Decode(fields[FieldsWithoutLabels]),
            _ => null,
        };
        if (labels is not null
            && TryRead(fields[1], long.MaxValue, out long generation)
            && IsHash(fields[2])
            && TryRead(fields[3], int.MaxValue, out long chunks)
            && TryRead(fields[4], int.MaxValue, out long tokens)
            && TryRead(fields[5], long.MaxValue, out long bytes)
            && TryRead(fields[6], DateTimeOffset.MaxValue.ToUnixTimeMilliseconds(), out long time))
        {
            return new ManifestEntry(
                path, generation, fields[2], (int)chunks, (int)tokens, bytes, DateTimeOffset.FromUnixTimeMilliseconds(time), labels);
        }

        throw RecordHeader.Corrupt($"manifest entry of {path}", "it cannot be read");
    }

    /// <summary>Whether a text is a content hash: 32 lower-case hexadecimal digits.</summary>
    public static bool IsHash(string text) => text.Length == 32 && text.All(char.IsAsciiHexDigitLower);

    private static bool TryRead(string text, long most, out long value) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= most;
}
