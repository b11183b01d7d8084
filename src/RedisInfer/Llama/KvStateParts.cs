using System.Buffers.Binary;
using RedisInfer.Threads;

namespace RedisInfer.Llama;

/// <summary>
/// Cuts runs of positions out of a saved KV state, and joins such runs. The parts have the form of a context with one stream of cells. The
/// state of a context with several streams begins with their number, and names the cells of each stream. Layout: <see cref="KvStateLayout"/>.
/// </summary>
internal static class KvStateParts
{
    private const int StartBytes = 2 * sizeof(int);

    // The type of the numbers is before the size of a row, or before the size of a number and the length of a row.
    private const int TypeBytesBeforeData = 3 * sizeof(int);

    /// <summary>Computes the size of a part.</summary>
    internal static long SizeOf(KvStateIndex index, int cells)
    {
        long bytes = StartBytes;
        foreach (KvStateIndex.Cache cache in index.Caches)
        {
            bytes += (2L * sizeof(int)) + ((long)cells * index.CellBytes);
            foreach (KvStateIndex.Segment segment in cache.Segments)
            {
                bytes += segment.DataOffset - segment.HeaderOffset + ((long)cells * segment.UnitBytes * segment.Rows);
            }
        }

        return bytes;
    }

    /// <summary>Cuts out a run of positions.</summary>
    /// <param name="state">A state with any number of streams.</param>
    /// <param name="index">Where its parts are.</param>
    /// <param name="start">First position.</param>
    /// <param name="end">One past the last position.</param>
    /// <param name="destination">Room for <see cref="SizeOf"/> bytes.</param>
    /// <returns>Bytes written; 0 if a cache lacks some of the positions.</returns>
    internal static int Cut(ReadOnlySpan<byte> state, KvStateIndex index, int start, int end, Span<byte> destination)
    {
        var writer = new Writer(destination);
        writer.Write(state[..sizeof(int)]);
        writer.Write(0);
        foreach (KvStateIndex.Cache cache in index.Caches)
        {
            List<(int First, int Count)> runs = cache.Runs(start, end, out int cells);
            if (cells != end - start)
            {
                return 0;
            }

            writer.Write(1);
            writer.Write(cells);
            foreach ((int first, int count) in runs)
            {
                writer.WriteCells(state.Slice(cache.CellsOffset + (first * index.CellBytes), count * index.CellBytes), index.CellBytes);
            }

            foreach (KvStateIndex.Segment segment in cache.Segments)
            {
                writer.Write(KvStateIndex.Header(state, segment));
                for (int row = 0; row < segment.Rows; row++)
                {
                    int rowOffset = segment.DataOffset + (row * cache.Positions.Length * segment.UnitBytes);
                    foreach ((int first, int count) in runs)
                    {
                        writer.Write(state.Slice(rowOffset + (first * segment.UnitBytes), count * segment.UnitBytes));
                    }
                }
            }
        }

        return writer.Written;
    }

    /// <summary>
    /// Removes the id of the sequence from a state with one stream, so that equal states have equal bytes. llama.cpp reads no such id.
    /// </summary>
    internal static void RemoveSequenceId(Span<byte> state, KvStateIndex index)
    {
        state.Slice(sizeof(int), sizeof(int)).Clear();
        foreach (KvStateIndex.Cache cache in index.Caches)
        {
            ClearIds(state.Slice(cache.CellsOffset, cache.Positions.Length * index.CellBytes), index.CellBytes);
        }
    }

    /// <summary>Computes the size of joined parts.</summary>
    internal static long SizeOfJoined(IReadOnlyList<KvStateIndex> indexes, int streams) =>
        SizeOf(indexes[0], indexes.Sum(index => index.Caches[0].Positions.Length))
        + ((long)indexes[0].Caches.Count * (streams - 1) * sizeof(int));

    /// <summary>
    /// Joins parts of the same shape to one state. Copying takes most of the time of a restore. So the tables are copied at once, on the
    /// CPUs that wait meanwhile, and checked while they are in a CPU's cache.
    /// </summary>
    /// <param name="parts">The parts, in the order of their positions.</param>
    /// <param name="indexes">The index of each part.</param>
    /// <param name="streams">Number of streams of the context that loads the state.</param>
    /// <param name="destination">Room for <see cref="SizeOfJoined"/> bytes.</param>
    /// <param name="areFinite">Whether all keys and values are finite.</param>
    /// <returns>Bytes written.</returns>
    internal static unsafe int Join(
        IReadOnlyList<ReadOnlyMemory<byte>> parts, IReadOnlyList<KvStateIndex> indexes, int streams, Span<byte> destination, out bool areFinite)
    {
        var writer = new Writer(destination);
        var tables = new List<(int Cache, int Segment, int Offset)>();
        writer.Write(parts[0].Span[..sizeof(int)]);
        writer.Write(0);
        for (int i = 0; i < indexes[0].Caches.Count; i++)
        {
            // llama.cpp loads all cells into the stream of the sequence, whichever stream they are named under.
            int cells = indexes.Sum(index => index.Caches[i].Positions.Length);
            writer.Write(streams);
            writer.Write(cells);
            for (int part = 0; part < parts.Count; part++)
            {
                KvStateIndex.Cache cache = indexes[part].Caches[i];
                writer.WriteCells(
                    parts[part].Span.Slice(cache.CellsOffset, cache.Positions.Length * indexes[part].CellBytes), indexes[part].CellBytes);
            }

            for (int segment = 0; segment < indexes[0].Caches[i].Segments.Count; segment++)
            {
                KvStateIndex.Segment shape = indexes[0].Caches[i].Segments[segment];
                writer.Write(KvStateIndex.Header(parts[0].Span, shape));
                tables.Add((i, segment, writer.Written));
                writer.Skip(checked(cells * shape.UnitBytes * shape.Rows));
            }

            for (int stream = 1; stream < streams; stream++)
            {
                writer.Write(0);
            }
        }

        int notFinite = 0;
        fixed (byte* start = destination)
        {
            byte* target = start;
            int length = writer.Written;
            new SharedWork<(int Cache, int Segment, int Offset)>(tables, table =>
            {
                if (!JoinTable(parts, indexes, table.Cache, table.Segment, new Span<byte>(target, length)[table.Offset..]))
                {
                    Interlocked.Increment(ref notFinite);
                }
            }).Run();
        }

        areFinite = notFinite == 0;
        return writer.Written;
    }

    /// <returns>Whether all numbers are finite.</returns>
    private static bool JoinTable(
        IReadOnlyList<ReadOnlyMemory<byte>> parts, IReadOnlyList<KvStateIndex> indexes, int cache, int segment, Span<byte> destination)
    {
        KvStateIndex.Segment shape = indexes[0].Caches[cache].Segments[segment];
        uint type = BinaryPrimitives.ReadUInt32LittleEndian(parts[0].Span[(shape.DataOffset - TypeBytesBeforeData)..]);
        bool areFinite = true;
        for (int row = 0; row < shape.Rows; row++)
        {
            for (int part = 0; part < parts.Count; part++)
            {
                int rowBytes = indexes[part].Caches[cache].Positions.Length * shape.UnitBytes;
                ReadOnlySpan<byte> source = parts[part].Span.Slice(
                    indexes[part].Caches[cache].Segments[segment].DataOffset + (row * rowBytes), rowBytes);
                source.CopyTo(destination);
                areFinite &= KvNumbers.AreFinite(type, source);
                destination = destination[rowBytes..];
            }
        }

        return areFinite;
    }

    // The id of the sequence is the last number of each cell.
    private static void ClearIds(Span<byte> cells, int cellBytes)
    {
        for (int end = cellBytes; end <= cells.Length; end += cellBytes)
        {
            cells.Slice(end - sizeof(int), sizeof(int)).Clear();
        }
    }

    private ref struct Writer(Span<byte> destination)
    {
        private readonly Span<byte> _destination = destination;

        internal int Written { get; private set; }

        internal void Write(ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(_destination[Written..]);
            Written += bytes.Length;
        }

        internal void Skip(int bytes)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, _destination.Length - Written);
            Written += bytes;
        }

        internal void WriteCells(ReadOnlySpan<byte> cells, int cellBytes)
        {
            Write(cells);
            ClearIds(_destination.Slice(Written - cells.Length, cells.Length), cellBytes);
        }

        internal void Write(int value)
        {
            BinaryPrimitives.WriteInt32LittleEndian(_destination[Written..], value);
            Written += sizeof(int);
        }
    }
}
