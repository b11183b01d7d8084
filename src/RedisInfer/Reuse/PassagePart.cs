using RedisInfer.KvBlocks;

namespace RedisInfer.Reuse;

/// <summary>A passage that is computed without the others, and then placed in the prompt.</summary>
/// <param name="Chain">The blocks of what is computed apart: the passage, after the system prefix or after nothing.</param>
/// <param name="From">Position of its text in the chain.</param>
/// <param name="TextStart">Position of its text in the prompt.</param>
/// <param name="PlaceStart">
/// Position in the prompt of the first token whose KV state is taken from the chain. Earlier tokens of its text are prefilled there.
/// </param>
/// <param name="End">Position in the prompt, one past its last token.</param>
internal readonly record struct PassagePart(KvChain Chain, int From, int TextStart, int PlaceStart, int End)
{
    /// <summary>Number of positions by which it is shifted.</summary>
    public int Shift => TextStart - From;

    /// <summary>Tokens of the chain: KV cells that it takes while it is computed.</summary>
    public int AsideCount => End - Shift;
}
