using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace RedisInfer.Corpus.Indexes;

/// <summary>
/// Orders documents whose scores are equal: the same in every process, and by nothing that a path says. In the order of paths, the same
/// folder would win every tie.
/// </summary>
internal static class TieOrder
{
    /// <summary>Compares two paths.</summary>
    public static int Compare(string a, string b)
    {
        int byHash = Hash(a).CompareTo(Hash(b));
        return byHash != 0 ? byHash : string.CompareOrdinal(a, b);
    }

    private static ulong Hash(string path) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(path.AsSpan()));
}
