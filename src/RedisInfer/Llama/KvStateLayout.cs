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

    private readonly int _maxCells;
    private readonly int _positionLimit;
    private readonly int _extensionBytes;
    private readonly bool _checkNumbers;
    private ReadOnlySpan<byte> _rest;

    private KvStateLayout(ReadOnlySpan<byte> state, int maxCells, int positionLimit, int extensionBytes, bool checkNumbers)
    {
        _rest = state;
        _maxCells = maxCells;
        _positionLimit = positionLimit;
        _extensionBytes = extensionBytes;
        _checkNumbers = checkNumbers;
    }

    /// <summary>Checks a saved KV state.</summary>
    /// <param name="state">The state.</param>
    /// <param name="maxCells">Cells of the context.</param>
    /// <param name="positionLimit">One above the highest position allowed.</param>
    /// <param name="positions">Receives the positions that the state holds.</param>
    /// <param name="checkNumbers">Whether all keys and values must be finite.</param>
    /// <returns>The problem; <see langword="null"/> if the state is valid.</returns>
    internal static string? Check(
        ReadOnlySpan<byte> state, int maxCells, int positionLimit, SequencePositions positions, bool checkNumbers)
    {
        string? problem = new KvStateLayout(state, maxCells, positionLimit, extensionBytes: 0, checkNumbers).Walk(positions);
        return problem is null
            || new KvStateLayout(state, maxCells, positionLimit, CellExtensionBytes, checkNumbers).Walk(positions) is null
            ? null
            : problem;
    }

    private string? Walk(SequencePositions positions)
    {
        positions.Clear();
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

            string? problem = WalkCache(cache == 0 ? positions : null);
            if (problem is not null)
            {
                return problem;
            }
        }

        return null;
    }

    private string? WalkCache(SequencePositions? positions)
    {
        if (!TryUInt32(out uint streams) || !TryUInt32(out uint cells))
        {
            return "it ends early";
        }

        if (streams != 1)
        {
            return $"it has {streams} streams instead of 1";
        }

        if (cells > (uint)_maxCells)
        {
            return $"it declares {cells} cells, but the context has {_maxCells}";
        }

        if (cells == 0)
        {
            return null;
        }

        return WalkCells((int)cells, positions) ?? WalkData((int)cells);
    }

    private string? WalkCells(int cells, SequencePositions? positions)
    {
        int cellBytes = 3 * sizeof(int) + _extensionBytes;
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

        _rest = _rest[(cells * cellBytes)..];
        return positions is null ? null : AddPositions(held, positions);
    }

    private static string? AddPositions(int[] held, SequencePositions positions)
    {
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
                positions.Add(new PositionRange(held[start], held[i - 1] + 1));
                start = i;
            }
        }

        return null;
    }

    private string? WalkData(int cells)
    {
        if (!TryUInt32(out uint transposed) || !TryUInt32(out uint layers))
        {
            return "it ends early";
        }

        if (transposed > 1 || layers is 0 or > MaxLayers)
        {
            return $"it declares {layers} layers";
        }

        for (uint layer = 0; layer < layers; layer++)
        {
            if (WalkRows(cells, "keys") is { } problem)
            {
                return problem;
            }
        }

        // Models with a single latent cache have no separate values.
        for (uint layer = 0; layer < layers && !_rest.IsEmpty; layer++)
        {
            if ((transposed == 1 ? WalkTransposed(cells) : WalkRows(cells, "values")) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    private string? WalkRows(int cells, string what) =>
        TryUInt32(out uint type) && TryUInt64(out ulong rowBytes) && rowBytes <= (ulong)_rest.Length
            ? WalkNumbers(type, (long)rowBytes * cells, what)
            : EndsEarlyIn(what);

    private string? WalkTransposed(int cells) =>
        TryUInt32(out uint type) && TryUInt32(out uint elementBytes) && TryUInt32(out uint length) && elementBytes <= sizeof(double)
            ? WalkNumbers(type, (long)elementBytes * length * cells, "values")
            : EndsEarlyIn("values");

    private string? WalkNumbers(uint type, long bytes, string what)
    {
        ReadOnlySpan<byte> numbers = _rest;
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
