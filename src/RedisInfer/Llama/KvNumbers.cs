using System.Numerics;
using System.Runtime.InteropServices;
using RedisInfer.Llama.Interop;

namespace RedisInfer.Llama;

/// <summary>Checks the numbers of a saved KV state, in the two types that a KV cache can have here.</summary>
internal static class KvNumbers
{
    /// <summary>The exponent of a half-precision number. If all its bits are set, the number is infinite or NaN.</summary>
    private const ushort Exponent = 0x7C00;

    /// <summary>Bytes of a block of Q8_0: the half-precision scale of 32 numbers, and a byte for each.</summary>
    private const int Q8BlockBytes = 34;

    /// <summary>Whether all numbers are finite. Of other types, nothing is known: llama.cpp refuses them.</summary>
    /// <param name="type">The <c>ggml_type</c>.</param>
    /// <param name="bytes">The numbers.</param>
    internal static bool AreFinite(uint type, ReadOnlySpan<byte> bytes) => type switch
    {
        LlamaConstants.GGML_TYPE_F16 => AreFiniteHalves(MemoryMarshal.Cast<byte, ushort>(bytes)),
        LlamaConstants.GGML_TYPE_Q8_0 => AreFiniteScales(bytes),
        _ => true,
    };

    private static bool AreFiniteHalves(ReadOnlySpan<ushort> halves)
    {
        var exponent = new Vector<ushort>(Exponent);
        while (halves.Length >= Vector<ushort>.Count)
        {
            if (Vector.EqualsAny(new Vector<ushort>(halves) & exponent, exponent))
            {
                return false;
            }

            halves = halves[Vector<ushort>.Count..];
        }

        foreach (ushort half in halves)
        {
            if ((half & Exponent) == Exponent)
            {
                return false;
            }
        }

        return true;
    }

    private static bool AreFiniteScales(ReadOnlySpan<byte> blocks)
    {
        for (int at = 0; at + sizeof(ushort) <= blocks.Length; at += Q8BlockBytes)
        {
            if ((MemoryMarshal.Read<ushort>(blocks[at..]) & Exponent) == Exponent)
            {
                return false;
            }
        }

        return true;
    }
}
