using System.Globalization;

namespace RedisInfer.Corpus.Records;

/// <summary>
/// The stored form of a <see cref="ManifestEntry"/>: fields separated by spaces, readable with <c>HGET</c>. The fields are format version,
/// generation, content hash, chunks, tokens, bytes, and milliseconds since 1970. The version tells what follows them:
/// <list type="bullet">
/// <item>1: nothing;</item>
/// <item>2: the labels, as JSON;</item>
/// <item>3: the <see cref="ChunkLayout"/>, then the labels. The chunks of the document are of several writes.</item>
/// </list>
/// </summary>
internal static class ManifestRecord
{
    private const string WithoutLabels = "1";
    private const string WithLabels = "2";
    private const string WithLayout = "3";
    private const int FieldsWithoutLabels = 7;

    public static string Encode(ManifestEntry entry)
    {
        bool isWhole = entry.Layout == ChunkLayout.Whole(entry.Generation, entry.ChunkCount);
        (string version, string rest) = isWhole
            ? entry.Labels.IsEmpty ? (WithoutLabels, "") : (WithLabels, " " + entry.Labels.Encode())
            : (WithLayout, $" {entry.Layout.Encode()} {entry.Labels.Encode()}");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{version} {entry.Generation} {entry.ContentHash} {entry.ChunkCount} {entry.TokenCount} {entry.ByteCount} "
            + $"{entry.IndexedAt.ToUnixTimeMilliseconds()}{rest}");
    }

    /// <summary>Reads a record.</summary>
    /// <exception cref="Errors.RedisInferException"><see cref="Errors.RedisInferErrorCode.StateCorrupt"/>.</exception>
    public static ManifestEntry Decode(string path, string record)
    {
        string[] fields = record.Split(' ', FieldsWithoutLabels + 1);
        string[] rest = fields.Length > FieldsWithoutLabels ? fields[FieldsWithoutLabels].Split(' ', 2) : [];
        DocumentLabels? labels = fields switch
        {
            [WithoutLabels, ..] when fields.Length == FieldsWithoutLabels => DocumentLabels.None,
            [WithLabels, ..] when fields.Length > FieldsWithoutLabels => DocumentLabels.Decode(fields[FieldsWithoutLabels]),
            [WithLayout, ..] when rest.Length == 2 => DocumentLabels.Decode(rest[1]),
            _ => null,
        };
        ChunkLayout? layout = fields[0] == WithLayout && rest.Length == 2 ? ChunkLayout.Decode(rest[0]) : null;
        if (labels is not null
            && TryRead(fields[1], long.MaxValue, out long generation)
            && IsHash(fields[2])
            && TryRead(fields[3], StoredLimits.MostChunks, out long chunks)
            && TryRead(fields[4], int.MaxValue, out long tokens)
            && TryRead(fields[5], long.MaxValue, out long bytes)
            && TryRead(fields[6], DateTimeOffset.MaxValue.ToUnixTimeMilliseconds(), out long time))
        {
            var entry = new ManifestEntry(
                path, generation, fields[2], (int)chunks, (int)tokens, bytes, DateTimeOffset.FromUnixTimeMilliseconds(time), labels);
            if (fields[0] != WithLayout)
                return entry;
            if (layout?.Runs.Sum(run => (long)run.Count) == chunks)
                return entry with { Layout = layout };
        }

        throw RecordHeader.Corrupt($"manifest entry of {path}", "it cannot be read");
    }

    /// <summary>Whether a text is a content hash: 32 lower-case hexadecimal digits.</summary>
    public static bool IsHash(string text) => text.Length == 32 && text.All(char.IsAsciiHexDigitLower);

    private static bool TryRead(string text, long most, out long value) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= most;
}
