using RedisInfer.KvBlocks;

namespace RedisInfer.Reuse;

/// <summary>What a request needed not compute.</summary>
internal sealed class ReuseFigures
{
    /// <summary>Prompt tokens that were not computed, because their attention states were there.</summary>
    public int Tokens { get; set; }

    /// <summary>Prompt tokens whose states know nothing of the passages before them, computed for this request or before.</summary>
    public int IndependentTokens { get; set; }

    /// <summary>Tokens whose states came from the store; those in the context are not among them.</summary>
    public int RestoredTokens { get; private set; }

    /// <summary>Bytes read from the store for them.</summary>
    public long RestoredBytes { get; private set; }

    /// <summary>How these were loaded; null where none were.</summary>
    public string? RestoreStrategy { get; private set; }

    /// <summary>Why not by the way that was tried first.</summary>
    public string? RestoreReason { get; private set; }

    /// <summary>Counts a block out of the store.</summary>
    public void Add(LoadedKvBlock restored)
    {
        RestoredTokens += restored.Block.Count;
        RestoredBytes += restored.RecordBytes;
        RestoreStrategy = restored.Strategy;
        RestoreReason ??= restored.Reason;
    }
}
