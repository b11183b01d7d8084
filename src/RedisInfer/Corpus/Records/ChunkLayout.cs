using System.Globalization;

namespace RedisInfer.Corpus.Records;

/// <summary>
/// The stored chunks of a document, in order. All are of one write, or they are of several writes if only changed chunks were written. The
/// stored form is <c>-</c> or runs separated by commas: <c>generation:first:count</c>, followed by <c>:shift</c> if lines have moved.
/// </summary>
internal sealed record ChunkLayout(IReadOnlyList<ChunkRun> Runs)
{
    /// <summary>A document that needs more runs is written again.</summary>
    public const int MaxRuns = 32;

    private const string Nothing = "-";

    public static readonly ChunkLayout Empty = new([]);

    /// <summary>All chunks of a write.</summary>
    public static ChunkLayout Whole(long generation, int count) => count == 0 ? Empty : new([new ChunkRun(generation, 0, count)]);

    /// <summary>Joins chunks into runs.</summary>
    public static ChunkLayout Of(IEnumerable<ChunkRun> chunks)
    {
        var runs = new List<ChunkRun>();
        foreach (ChunkRun next in chunks)
        {
            if (runs.Count > 0
                && runs[^1] is var last
                && last.Generation == next.Generation
                && last.First + last.Count == next.First
                && last.LineShift == next.LineShift)
            {
                runs[^1] = last with { Count = last.Count + next.Count };
            }
            else
            {
                runs.Add(next);
            }
        }

        return new ChunkLayout(runs);
    }

    /// <summary>Every chunk as a run of one.</summary>
    public IEnumerable<ChunkRun> Chunks => Runs.SelectMany(
        run => Enumerable.Range(run.First, run.Count).Select(index => run with { First = index, Count = 1 }));

    /// <summary>The chunk at a position.</summary>
    public ChunkRun At(int position)
    {
        foreach (ChunkRun run in Runs)
        {
            if (position < run.Count)
                return run with { First = run.First + position, Count = 1 };
            position -= run.Count;
        }

        throw new ArgumentOutOfRangeException(nameof(position));
    }

    /// <summary>The position of a chunk; <see langword="null"/> if the document does not have it.</summary>
    public int? PositionOf(long generation, int index)
    {
        int position = 0;
        foreach (ChunkRun run in Runs)
        {
            if (run.Generation == generation && index >= run.First && index < run.First + run.Count)
                return position + index - run.First;
            position += run.Count;
        }

        return null;
    }

    /// <summary>The chunks that another layout does not have.</summary>
    public ChunkLayout Without(ChunkLayout other) =>
        Of(Chunks.Where(chunk => other.PositionOf(chunk.Generation, chunk.First) is null).Select(chunk => chunk with { LineShift = 0 }));

    public string Encode() => Runs.Count == 0 ? Nothing : string.Join(',', Runs.Select(run => string.Create(
        CultureInfo.InvariantCulture, $"{run.Generation}:{run.First}:{run.Count}{(run.LineShift == 0 ? "" : $":{run.LineShift}")}")));

    /// <summary>Reads <see cref="Encode"/> back; <see langword="null"/> if the text is something else.</summary>
    public static ChunkLayout? Decode(string text)
    {
        if (text == Nothing)
            return Empty;
        var runs = new List<ChunkRun>();
        foreach (string part in text.Split(','))
        {
            string[] fields = part.Split(':');
            int shift = 0;
            if (fields.Length is not (3 or 4)
                || !long.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out long generation)
                || !TryRead(fields[1], out int first)
                || !TryRead(fields[2], out int count)
                || count == 0
                || first > int.MaxValue - count
                || (fields.Length == 4 && !int.TryParse(fields[3], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out shift)))
            {
                return null;
            }

            runs.Add(new ChunkRun(generation, first, count, shift));
        }

        // A list of more chunks than a document can have is damaged. Going through it could take hours.
        return runs.Sum(run => (long)run.Count) <= StoredLimits.MostChunks ? new ChunkLayout(runs) : null;
    }

    public bool Equals(ChunkLayout? other) => other is not null && Runs.SequenceEqual(other.Runs);

    public override int GetHashCode() => Encode().GetHashCode(StringComparison.Ordinal);

    private static bool TryRead(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
