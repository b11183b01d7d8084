namespace RedisInfer.KvBlocks;

/// <summary>A run of tokens of a prompt. Its KV state is stored as one value.</summary>
/// <param name="Key">Names its KV state.</param>
/// <param name="Start">Position of its first token in the prompt.</param>
/// <param name="Count">Number of tokens, which is also the number of KV cells of its state.</param>
internal readonly record struct KvBlock(KvBlockKey Key, int Start, int Count)
{
    /// <summary>Position one past its last token.</summary>
    public int End => Start + Count;
}
