namespace RedisInfer.KvBlocks;

/// <summary>
/// The position from which a chain's blocks have other keys than those of an exact prompt. Only chains of the same kind find them.
/// </summary>
/// <param name="Start">Position of the first token whose state is of another kind.</param>
/// <param name="Kind">Names that kind.</param>
/// <param name="IsStored">Whether the blocks from there on go to the store, as those before do.</param>
internal readonly record struct KvBranch(int Start, string Kind, bool IsStored);
