using System.Buffers.Binary;

namespace RedisInfer.Benchmarks.Hostile.Kinds;

/// <summary>Makes KV states that lie, in the layout that llama.cpp writes (see <c>KvStateLayout</c>).</summary>
internal static class KvStateDamage
{
    private const int StreamsOffset = 8;
    private const int CellsOffset = 12;
    private const int FirstCellOffset = 16;
    private const int CellBytes = 12;

    public static byte[] Make(Random random, byte[] state)
    {
        byte[] made = [.. state];
        for (int i = random.Next(4); i >= 0 && made.Length > FirstCellOffset; i--)
        {
            made = Change(random, made);
        }

        return made;
    }

    private static byte[] Change(Random random, byte[] state)
    {
        int cells = Math.Clamp(BinaryPrimitives.ReadInt32LittleEndian(state.AsSpan(CellsOffset)), 0, (state.Length - FirstCellOffset) / CellBytes);
        int data = FirstCellOffset + (cells * CellBytes);
        switch (random.Next(9))
        {
            case 0:
                Write(state, random.Pick((int[])[0, 4, StreamsOffset, CellsOffset]), OddValues.Int32(random));
                break;
            case 1 when cells > 0:
                // The position, the number of sequences or the sequence of a cell.
                Write(state, FirstCellOffset + (random.Next(cells) * CellBytes) + (4 * random.Next(3)), OddValues.Int32(random));
                break;
            case 2 when cells > 0:
                Renumber(random, state, cells);
                break;
            case 3:
                // Transposed or not, layers, the type and the row size of the first layer.
                Write(state, data + (4 * random.Next(6)), OddValues.Int32(random));
                break;
            case 4:
            case 5:
                FillWithNumbers(random, state, data + 20);
                break;
            case 6:
                return WithOtherCount(random, state, cells);
            case 7:
                return OddValues.Damage(random, state);
            default:
                random.NextBytes(state.AsSpan(Math.Min(state.Length, data + 20)));
                break;
        }

        return state;
    }

    /// <summary>Other positions that do not repeat: gaps, an order of their own, or far ahead.</summary>
    private static void Renumber(Random random, byte[] state, int cells)
    {
        int step = random.Pick((int[])[-1, 1, 2, 1000, int.MaxValue / Math.Max(1, cells)]);
        int position = step < 0 ? cells : random.Pick((int[])[0, 1, 500, 8000]);
        for (int cell = 0; cell < cells; cell++)
        {
            Write(state, FirstCellOffset + (cell * CellBytes), unchecked(position + (cell * step)));
        }
    }

    /// <summary>Halves that are no number, or infinite, among the keys and values.</summary>
    private static void FillWithNumbers(Random random, byte[] state, int from)
    {
        ushort half = random.Pick((ushort[])[0x7E00, 0xFE00, 0x7C00, 0xFC00, 0x7BFF, 0xFBFF, 0x0001]);
        int count = random.Chance(.5) ? 1 : 1 + random.Next(2000);
        for (int i = 0; i < count && from < state.Length - 1; i++)
        {
            int at = from + (2 * random.Next((state.Length - from) / 2));
            BinaryPrimitives.WriteUInt16LittleEndian(state.AsSpan(at), half);
        }
    }

    /// <summary>Fewer cells than before, with the rest of the bytes left as they are or cut to fit.</summary>
    private static byte[] WithOtherCount(Random random, byte[] state, int cells)
    {
        int fewer = random.Next(cells + 1);
        Write(state, CellsOffset, fewer);
        int data = FirstCellOffset + (cells * CellBytes);
        return random.Chance(.5) ? state : [.. state[..(FirstCellOffset + (fewer * CellBytes))], .. state[Math.Min(data, state.Length)..]];
    }

    private static void Write(byte[] state, int offset, int value)
    {
        if (offset + sizeof(int) <= state.Length)
        {
            BinaryPrimitives.WriteInt32LittleEndian(state.AsSpan(offset), value);
        }
    }
}
