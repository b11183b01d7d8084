namespace RedisInfer.KvBlocks;

/// <summary>Where the names of a chain's blocks leave those of ordinary prompts: from there on they are found by their own kind alone.</summary>
/// <param name="Start">Position of the first token whose state is of another kind.</param>
/// <param name="Kind">What it is.</param>
/// <param name="IsStored">Whether its blocks go to the store, as those before it do.</param>
internal readonly record struct KvBranch(int Start, string Kind, bool IsStored);
