using RedisInfer.KvBlocks;

namespace RedisInfer.Reuse;

/// <summary>A passage that is computed without the others, and then put in its place.</summary>
/// <param name="Chain">The blocks of what is computed: what comes before the passage then, and the passage.</param>
/// <param name="From">Where its text begins there.</param>
/// <param name="TextStart">Where its text begins in the prompt.</param>
/// <param name="PlaceStart">The first token that is taken from there; those before it are computed in their place.</param>
/// <param name="End">One past its last token in the prompt.</param>
internal readonly record struct PassagePart(KvChain Chain, int From, int TextStart, int PlaceStart, int End)
{
    /// <summary>How far it is moved.</summary>
    public int Shift => TextStart - From;

    /// <summary>Tokens of what is computed: KV cells while it is.</summary>
    public int AsideCount => End - Shift;
}
