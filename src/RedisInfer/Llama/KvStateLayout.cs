using System.Buffers.Binary;
using System.Runtime.InteropServices;
using RedisInfer.Llama.Gguf;

namespace RedisInfer.Llama;

/// <summary>
/// Walks through a saved KV state of one sequence without copying it. It expects the layout that llama.cpp v0.4.0 writes in
/// <c>llama_context::state_seq_get_data</c> (llama-context.cpp) and <c>llama_kv_cache::state_write</c> (llama-kv-cache.cpp). llama.cpp
/// itself:
/// <list type="bullet">
/// <item>allocates by the cell count that it reads there;</item>
/// <item>accepts any positions;</item>
/// <item>does not report bytes that are left over;</item>
/// <item>accepts keys and values that are not finite. A cell that holds one makes other sequences compute NaN, even after it is freed:
/// attention multiplies masked values by zero.</item>
/// </list>
/// </summary>
internal ref struct KvStateLayout
{
    /// <summary><c>io_magic</c> of llama-context.cpp.</summary>
    private const uint Magic = 0xaf143cd8;

    /// <summary>Some models keep one cache for all layers. Others keep a second one for layers with a sliding window.</summary>
    private const int MaxCaches = 2;

    /// <summary>Bytes of <c>llama_kv_cell_ext</c>, which only models with several positions per token write.</summary>
    private const int CellExtensionBytes = 12;

    private const int MaxLayers = 2 * ModelGuard.MaxLayers;

    private readonly int _length;
    private readonly int _streams;
    private readonly int _maxCells;
    private readonly int _positionLimit;
    private readonly int _extensionBytes;
    private readonly bool _checkNumbers;
    private readonly KvStateIndex _index = new();
    private ReadOnlySpan<byte> _rest;

    private KvStateLayout(
        ReadOnlySpan<byte> state, int streams, int maxCells, int positionLimit, int extensionBytes, bool checkNumbers)
    {
        _length = state.Length;
        _rest = state;
        _streams = streams;
        _maxCells = maxCells;
        _positionLimit = positionLimit;
        _extensionBytes = extensionBytes;
        _checkNumbers = checkNumbers;
    }

    private readonly int Offset => _length - _rest.Length;

    /// <summary>Checks a saved KV state, and finds its parts.</summary>
    /// <param name="state">The state.</param>
    /// <param name="streams">Number of streams of cells that it must declare. At most one of them may have cells.</param>
    /// <param name="maxCells">Most cells that it may have.</param>
    /// <param name="positionLimit">One above the highest position allowed.</param>
    /// <param name="positions">Receives the positions that the state holds.</param>
    /// <param name="checkNumbers">Whether all keys and values must be finite.</param>
    /// <param name="index">Where its parts are.</param>
    /// <returns>The problem; <see langword="null"/> if the state is valid.</returns>
    internal static string? Check(
        ReadOnlySpan<byte> state,
        int streams,
        int maxCells,
        int positionLimit,
        SequencePositions positions,
        bool checkNumbers,
        out KvStateIndex index)
    {
        var layout = new KvStateLayout(state, streams, maxCells, positionLimit, extensionBytes: 0, checkNumbers);
        string? problem = layout.Walk();
        if (problem is not null)
        {
            var extended = new KvStateLayout(state, streams, maxCells, positionLimit, CellExtensionBytes, checkNumbers);
            if (extended.Walk() is null)
            {
                layout = extended;
                problem = null;
            }
        }

        index = layout._index;
        return problem ?? index.AddPositions(positions);
    }

    private string? Walk()
    {
        _index.CellBytes = (3 * sizeof(int)) + _extensionBytes;
        if (!TryUInt32(out uint magic) || magic != Magic)
        {
            return "it does not begin like a KV state";
        }

        if (!Skip(sizeof(int)))
        {
            return "it ends early";
        }

        for (int cache = 0; cache == 0 || !_rest.IsEmpty; cache++)
        {
            if (cache == MaxCaches)
            {
                return "it has bytes left over at its end";
            }

            string? problem = WalkCache();
            if (problem is not null)
            {
                return problem;
            }
        }

        return null;
    }

    private string? WalkCache()
    {
        if (!TryUInt32(out uint streams))
        {
            return "it ends early";
        }

        if (streams != (uint)_streams)
        {
            return $"it has {streams} streams instead of {_streams}";
        }

        KvStateIndex.Cache? found = null;
        for (int stream = 0; stream < _streams; stream++)
        {
            if (!TryUInt32(out uint cells))
            {
                return "it ends early";
            }

            if (cells > (uint)_maxCells || (cells > 0 && found is not null))
            {
                return $"it declares {cells} cells, but the context has {_maxCells}";
            }

            if (cells > 0 && (WalkCells((int)cells, out found) ?? WalkData(found!, (_streams - 1 - stream) * sizeof(int))) is { } problem)
            {
                return problem;
            }
        }

        _index.Caches.Add(found ?? new KvStateIndex.Cache([], Offset));
        return null;
    }

    private string? WalkCells(int cells, out KvStateIndex.Cache? cache)
    {
        cache = null;
        int cellBytes = _index.CellBytes;
        if ((long)cells * cellBytes > _rest.Length)
        {
            return "it ends early";
        }

        int[] held = new int[cells];
        for (int i = 0; i < cells; i++)
        {
            ReadOnlySpan<byte> cell = _rest.Slice(i * cellBytes, cellBytes);
            int position = BinaryPrimitives.ReadInt32LittleEndian(cell);
            int sequences = BinaryPrimitives.ReadInt32LittleEndian(cell[sizeof(int)..]);
            if (position < 0 || position >= _positionLimit || sequences != 1)
            {
                return $"cell {i} has position {position} and {sequences} sequences";
            }

            held[i] = position;
        }

        cache = new KvStateIndex.Cache(held, Offset);
        _rest = _rest[(cells * cellBytes)..];
        return null;
    }

    private string? WalkData(KvStateIndex.Cache cache, int streamBytes)
    {
        int header = Offset;
        if (!TryUInt32(out uint transposed) || !TryUInt32(out uint layers))
        {
            return "it ends early";
        }

        if (transposed > 1 || layers is 0 or > MaxLayers)
        {
            return $"it declares {layers} layers";
        }

        for (uint layer = 0; layer < layers; layer++, header = Offset)
        {
            if (WalkRows(cache, header, "keys") is { } problem)
            {
                return problem;
            }
        }

        // Models with a single latent cache have no separate values. Only the counts of the streams that follow are then left.
        for (uint layer = 0; layer < layers && _rest.Length > streamBytes; layer++)
        {
            header = Offset;
            if ((transposed == 1 ? WalkTransposed(cache, header) : WalkRows(cache, header, "values")) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    private string? WalkRows(KvStateIndex.Cache cache, int header, string what) =>
        TryUInt32(out uint type) && TryUInt64(out ulong rowBytes) && rowBytes <= (ulong)_rest.Length
            ? WalkNumbers(cache, new KvStateIndex.Segment(header, Offset, (int)rowBytes, 1), type, what)
            : EndsEarlyIn(what);

    private string? WalkTransposed(KvStateIndex.Cache cache, int header) =>
        TryUInt32(out uint type) && TryUInt32(out uint elementBytes) && TryUInt32(out uint length)
        && elementBytes <= sizeof(double) && length <= (uint)_rest.Length
            ? WalkNumbers(cache, new KvStateIndex.Segment(header, Offset, (int)elementBytes, (int)length), type, "values")
            : EndsEarlyIn("values");

    private string? WalkNumbers(KvStateIndex.Cache cache, KvStateIndex.Segment segment, uint type, string what)
    {
        ReadOnlySpan<byte> numbers = _rest;
        long bytes = (long)segment.UnitBytes * segment.Rows * cache.Positions.Length;
        cache.Segments.Add(segment);
        return !Skip(bytes) ? EndsEarlyIn(what)
            : _checkNumbers && !KvNumbers.AreFinite(type, numbers[..(int)bytes]) ? $"its {what} are not all finite numbers"
            : null;
    }

    private static string EndsEarlyIn(string what) => $"it ends early in the {what}";

    private bool Skip(long bytes)
    {
        if (bytes < 0 || bytes > _rest.Length)
        {
            return false;
        }

        _rest = _rest[(int)bytes..];
        return true;
    }

    private bool TryUInt32(out uint value) => Try(out value);

    private bool TryUInt64(out ulong value) => Try(out value);

    private bool Try<T>(out T value)
        where T : unmanaged
    {
        bool read = MemoryMarshal.TryRead(_rest, out value);
        if (read)
        {
            _rest = _rest[System.Runtime.CompilerServices.Unsafe.SizeOf<T>()..];
        }

        return read;
    }
}
