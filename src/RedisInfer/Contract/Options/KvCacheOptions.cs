namespace RedisInfer;

/// <summary>How computed attention states are kept.</summary>
public sealed class KvCacheOptions
{
    /// <summary>Most <see cref="RetainedPrefixes"/>.</summary>
    internal const int MostRetainedPrefixes = 64;

    /// <summary>Which states are used again.</summary>
    public KvReuse Reuse { get; set; }

    /// <summary>When the state of a passage counts as the one that a prompt needs.</summary>
    public PassageReuse PassageReuse { get; set; }

    /// <summary>
    /// First tokens of each passage that are computed in their place all the same, with attention to all before them, where passages are
    /// <see cref="PassageReuse.Independent"/>; 0 or more.
    /// </summary>
    public int RecomputedTokens { get; set; } = 16;

    /// <summary>
    /// Seals stored states and names them. Give one where others may write to the server: without it they could forge states, and who may
    /// list keys could find out whether a text they guess was read. Every process that shares states needs the same.
    /// </summary>
    public string? Secret { get; set; }

    /// <summary>Tenants share no states, even with the same secret; empty: one for all.</summary>
    public string Tenant { get; set; } = "";

    /// <summary>How long a state is kept after it was last used.</summary>
    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Most bytes of states of the corpus on the server; those used longest ago go first.</summary>
    public long MaxStoredBytes { get; set; } = 4L << 30;

    /// <summary>Prompts of ended requests whose states stay in the context until the room is needed, 0 to 64.</summary>
    public int RetainedPrefixes { get; set; } = 8;

    internal IEnumerable<string> Validate()
    {
        if (!Enum.IsDefined(Reuse))
        {
            yield return $"Reuse is {Reuse}: give Shared, InProcess or Off.";
        }

        if (!Enum.IsDefined(PassageReuse))
        {
            yield return $"PassageReuse is {PassageReuse}: give Exact or Independent.";
        }

        if (PassageReuse == PassageReuse.Independent && Reuse == KvReuse.Off)
        {
            yield return "PassageReuse is Independent, and Reuse is Off: set Reuse to Shared or InProcess, or PassageReuse to Exact.";
        }

        if (RecomputedTokens < 0)
        {
            yield return $"RecomputedTokens is {RecomputedTokens}: give 0 or more.";
        }

        if (Tenant is null)
        {
            yield return "Tenant is null: give an empty text for none.";
        }

        if (TimeToLive < TimeSpan.FromSeconds(1) || TimeToLive > TimeSpan.FromDays(365))
        {
            yield return $"TimeToLive is {TimeToLive}: give a second to a year.";
        }

        if (MaxStoredBytes < 0)
        {
            yield return $"MaxStoredBytes is {MaxStoredBytes}: give 0 or more.";
        }

        if (RetainedPrefixes is < 0 or > MostRetainedPrefixes)
        {
            yield return $"RetainedPrefixes is {RetainedPrefixes}: give 0 to {MostRetainedPrefixes}.";
        }
    }
}
