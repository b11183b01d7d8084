namespace RedisInfer.KvBlocks;

/// <summary>A run of tokens of a prompt whose attention state is stored as one value.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Start">Position of its first token in the prompt.</param>
/// <param name="Count">Number of tokens: KV cells of its state.</param>
internal readonly record struct KvBlock(KvBlockKey Key, int Start, int Count)
{
    /// <summary>One past its last position.</summary>
    public int End => Start + Count;
}
