using RedisInfer.KvBlocks;

namespace RedisInfer.Reuse;

/// <summary>Counts what a request reused instead of computing it.</summary>
internal sealed class ReuseFigures
{
    /// <summary>Prompt tokens that were not computed, because their KV states were reused.</summary>
    public int Tokens { get; set; }

    /// <summary>Prompt tokens whose KV states were computed without the passages before them, for this or an earlier request.</summary>
    public int IndependentTokens { get; set; }

    /// <summary>Tokens whose KV states came from the store. Tokens reused from the context are not counted.</summary>
    public int RestoredTokens { get; private set; }

    /// <summary>Bytes read from the store for <see cref="RestoredTokens"/>.</summary>
    public long RestoredBytes { get; private set; }

    /// <summary>How they were loaded; <see langword="null"/> if none were.</summary>
    public string? RestoreStrategy { get; private set; }

    /// <summary>Why the strategy that was tried first was not used; <see langword="null"/> if it was.</summary>
    public string? RestoreReason { get; private set; }

    /// <summary>Starts again: nothing is reused.</summary>
    public void Clear()
    {
        Tokens = IndependentTokens = RestoredTokens = 0;
        RestoredBytes = 0;
        RestoreStrategy = RestoreReason = null;
    }

    /// <summary>Counts a block that was restored from the store.</summary>
    public void Add(LoadedKvBlock restored)
    {
        RestoredTokens += restored.Block.Count;
        RestoredBytes += restored.RecordBytes;
        RestoreStrategy = restored.Strategy;
        RestoreReason ??= restored.Reason;
    }
}
