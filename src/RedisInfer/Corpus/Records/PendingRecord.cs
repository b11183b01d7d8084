using System.Globalization;

namespace RedisInfer.Corpus.Records;

/// <summary>
/// Work that a cleaner must finish if its writer dies. Stored as eight fields separated by spaces: format version, kind, epoch, generation,
/// chunks, writer, milliseconds since 1970, path. The path is last because it may hold spaces.
/// </summary>
/// <param name="Kind">What is to be done.</param>
/// <param name="Epoch">Names the Vector Set.</param>
/// <param name="Generation">The generation whose words, and vectors by document, are meant.</param>
/// <param name="Chunks">The chunks that are meant. Some of them may not exist.</param>
/// <param name="Writer">The id of the writer.</param>
/// <param name="StartedAt">When it was announced, to the millisecond.</param>
/// <param name="Path">The document; empty for a cleared corpus.</param>
internal sealed record PendingRecord(
    PendingKind Kind, long Epoch, long Generation, ChunkLayout Chunks, string Writer, DateTimeOffset StartedAt, string Path)
{
    private const string Version = "2";

    // Version 1 has no generation: it is the name of the hash field. It has the number of chunks instead of the list.
    private const string OldVersion = "1";

    public string Encode() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Version} {Name(Kind)} {Epoch} {Generation} {Chunks.Encode()} {Writer} {StartedAt.ToUnixTimeMilliseconds()} {Path}");

    /// <summary>Reads a record.</summary>
    /// <param name="field">The number it is stored under.</param>
    /// <param name="record">The stored text.</param>
    /// <exception cref="Errors.RedisInferException"><see cref="Errors.RedisInferErrorCode.StateCorrupt"/>.</exception>
    public static PendingRecord Decode(long field, string record)
    {
        string[] fields = record.Split(' ', record.StartsWith(OldVersion, StringComparison.Ordinal) ? 7 : 8);
        (long generation, ChunkLayout? chunks) = fields switch
        {
            [OldVersion, _, _, var count, _, _, _]
                when int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int known)
                    && known <= StoredLimits.MostChunks => (field, ChunkLayout.Whole(field, known)),
            [Version, _, _, var number, var list, _, _, _]
                when TryRead(number, out long known) => (known, ChunkLayout.Decode(list)),
            _ => (0, null),
        };
        if (chunks is not null
            && TryReadKind(fields[1], out PendingKind kind)
            && TryRead(fields[2], out long epoch)
            && TryRead(fields[^2], out long time)
            && time <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
        {
            return new PendingRecord(kind, epoch, generation, chunks, fields[^3], DateTimeOffset.FromUnixTimeMilliseconds(time), fields[^1]);
        }

        throw RecordHeader.Corrupt(string.Create(CultureInfo.InvariantCulture, $"pending {field}"), "it cannot be read");
    }

    private static bool TryRead(string text, out long value) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static string Name(PendingKind kind) => kind switch
    {
        PendingKind.Writing => "writing",
        PendingKind.Retired => "retired",
        _ => "cleared",
    };

    private static bool TryReadKind(string name, out PendingKind kind)
    {
        (bool known, kind) = name switch
        {
            "writing" => (true, PendingKind.Writing),
            "retired" => (true, PendingKind.Retired),
            "cleared" => (true, PendingKind.Cleared),
            _ => (false, default),
        };
        return known;
    }
}
