using System.Globalization;

namespace RedisInfer.Redis;

/// <summary>
/// Work that must be finished by someone else where its writer dies. Stored as seven fields parted by spaces, the path last
/// because it may hold spaces: format version, kind, epoch, chunks, writer, milliseconds since 1970, path.
/// </summary>
/// <param name="Kind">What is to be done.</param>
/// <param name="Epoch">Names the Vector Set.</param>
/// <param name="ChunkCount">Chunks the generation may have.</param>
/// <param name="Writer">Who does it.</param>
/// <param name="StartedAt">When it was announced, to the millisecond.</param>
/// <param name="Path">The document; empty for a cleared corpus.</param>
internal sealed record PendingRecord(
    PendingKind Kind, long Epoch, int ChunkCount, string Writer, DateTimeOffset StartedAt, string Path)
{
    private const string Version = "1";

    public string Encode() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Version} {Name(Kind)} {Epoch} {ChunkCount} {Writer} {StartedAt.ToUnixTimeMilliseconds()} {Path}");

    /// <summary>Reads a record.</summary>
    /// <exception cref="Errors.RedisInferException"><see cref="Errors.RedisInferErrorCode.StateCorrupt"/>.</exception>
    public static PendingRecord Decode(long generation, string record)
    {
        string[] fields = record.Split(' ', 7);
        if (fields.Length == 7
            && fields[0] == Version
            && TryReadKind(fields[1], out PendingKind kind)
            && long.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out long epoch)
            && int.TryParse(fields[3], NumberStyles.None, CultureInfo.InvariantCulture, out int chunks)
            && long.TryParse(fields[5], NumberStyles.None, CultureInfo.InvariantCulture, out long time)
            && time <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
        {
            return new PendingRecord(kind, epoch, chunks, fields[4], DateTimeOffset.FromUnixTimeMilliseconds(time), fields[6]);
        }

        throw RecordHeader.Corrupt(string.Create(CultureInfo.InvariantCulture, $"pending {generation}"), "it cannot be read");
    }

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
