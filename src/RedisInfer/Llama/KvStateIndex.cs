namespace RedisInfer.Llama;

/// <summary>Where the parts of a saved KV state are, so that runs of cells can be cut out of it, and joined with others.</summary>
internal sealed class KvStateIndex
{
    /// <summary>Bytes of a cell's position and sequences.</summary>
    internal int CellBytes { get; set; }

    /// <summary>The caches: one, or two if the model has layers with a sliding window.</summary>
    internal List<Cache> Caches { get; } = [];

    /// <summary>Adds the positions of the first cache, which holds all of them.</summary>
    /// <returns>The problem; <see langword="null"/> if no position occurs twice.</returns>
    internal string? AddPositions(SequencePositions positions)
    {
        int[] held = [.. Caches[0].Positions];
        Array.Sort(held);
        int start = 0;
        for (int i = 1; i <= held.Length; i++)
        {
            if (i < held.Length && held[i] == held[i - 1])
            {
                return $"position {held[i]} occurs twice";
            }

            if (i == held.Length || held[i] != held[i - 1] + 1)
            {
                var range = new PositionRange(held[start], held[i - 1] + 1);
                if (positions.Overlaps(range))
                {
                    return $"some of the positions {range.Start} to {range.End - 1} occur twice";
                }

                positions.Add(range);
                start = i;
            }
        }

        return null;
    }

    /// <summary>Whether states have the same layers, with rows of the same types and sizes.</summary>
    internal static bool HaveSameShape(ReadOnlySpan<byte> a, KvStateIndex inA, ReadOnlySpan<byte> b, KvStateIndex inB)
    {
        if (inA.CellBytes != inB.CellBytes || inA.Caches.Count != inB.Caches.Count)
        {
            return false;
        }

        for (int i = 0; i < inA.Caches.Count; i++)
        {
            List<Segment> ours = inA.Caches[i].Segments;
            List<Segment> others = inB.Caches[i].Segments;
            if (ours.Count != others.Count)
            {
                return false;
            }

            for (int j = 0; j < ours.Count; j++)
            {
                if (!Header(a, ours[j]).SequenceEqual(Header(b, others[j])))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>The bytes that describe a segment.</summary>
    internal static ReadOnlySpan<byte> Header(ReadOnlySpan<byte> state, Segment segment) =>
        state[segment.HeaderOffset..segment.DataOffset];

    /// <summary>One cache of a state.</summary>
    /// <param name="Positions">The position of each cell, in the order of the cells.</param>
    /// <param name="CellsOffset">Where positions and sequences of the cells begin.</param>
    internal sealed record Cache(int[] Positions, int CellsOffset)
    {
        /// <summary>Keys and values of each layer. The first segment's header includes the number of layers.</summary>
        internal List<Segment> Segments { get; } = [];

        /// <summary>The cells that hold positions of a range, as runs of neighboring cells in the order of their positions.</summary>
        internal List<(int First, int Count)> Runs(int start, int end, out int cells)
        {
            List<int> chosen = [.. Enumerable.Range(0, Positions.Length).Where(i => Positions[i] >= start && Positions[i] < end)];
            chosen.Sort((a, b) => Positions[a].CompareTo(Positions[b]));
            cells = chosen.Count;
            var runs = new List<(int First, int Count)>();
            foreach (int cell in chosen)
            {
                if (runs.Count > 0 && runs[^1] is var last && last.First + last.Count == cell)
                {
                    runs[^1] = (last.First, last.Count + 1);
                }
                else
                {
                    runs.Add((cell, 1));
                }
            }

            return runs;
        }
    }

    /// <summary>A table with the same number of bytes for each cell.</summary>
    /// <param name="HeaderOffset">Where its description begins.</param>
    /// <param name="DataOffset">Where its data begins.</param>
    /// <param name="UnitBytes">Bytes of a cell in a row.</param>
    /// <param name="Rows">Number of rows. Each has all cells.</param>
    internal readonly record struct Segment(int HeaderOffset, int DataOffset, int UnitBytes, int Rows);
}
