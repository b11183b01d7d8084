namespace RedisInfer;

/// <summary>How KV states are cached and reused.</summary>
public sealed class KvCacheOptions
{
    /// <summary>Which cached KV states are reused. Default: <see cref="KvReuse.Shared"/>.</summary>
    public KvReuse Reuse { get; set; }

    /// <summary>When a passage's cached KV state may be reused in a prompt. Default: <see cref="PassageReuse.Exact"/>.</summary>
    public PassageReuse PassageReuse { get; set; }

    /// <summary>
    /// With <see cref="PassageReuse.Independent"/>: first tokens of each passage that are computed again in place, with attention to all
    /// tokens before them; 0 or more. Default: 16.
    /// </summary>
    public int RecomputedTokens { get; set; } = 16;

    /// <summary>
    /// Key that seals and names KV blocks. Set it if others may write to the server. Without it they can forge KV states. A user who may
    /// list keys can then also find out whether the runtime has prefilled a text that the user guesses. All processes that share KV blocks
    /// need the same secret. Default: <see langword="null"/>, none.
    /// </summary>
    public string? Secret { get; set; }

    /// <summary>Name of the tenant. Tenants share no KV blocks, even with the same secret. Default: empty.</summary>
    public string Tenant { get; set; } = "";

    /// <summary>How long a KV block is kept after its last use, 1 second to 365 days. Default: 1 day.</summary>
    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromDays(1);

    /// <summary>
    /// Most bytes of KV blocks of the corpus on the server; the least recently used are evicted first. 0 or more. Default: 4 GiB.
    /// </summary>
    public long MaxStoredBytes { get; set; } = 4L << 30;

    /// <summary>
    /// Folder on this machine for KV blocks, which are found there after a restart. Default: <see langword="null"/>, none. It is created if
    /// necessary, for this user only. Several processes may use one folder. Put it on a fast disk.
    /// </summary>
    public string? Directory { get; set; }

    /// <summary>
    /// Most bytes of KV blocks in <see cref="Directory"/>; those used longest ago are removed first. 0 or more. Default: 16 GiB.
    /// </summary>
    public long DirectoryBytes { get; set; } = 16L << 30;

    /// <summary>
    /// Most bytes of KV states that this process keeps in memory outside the context, so that later requests with the same prefix need not
    /// compute it; more than 0. The least recently used are evicted first. Default: <see langword="null"/>, half of the memory that is left,
    /// up to 4 GiB.
    /// </summary>
    public long? MemoryBytes { get; set; }

    internal IEnumerable<string> Validate()
    {
        if (!Enum.IsDefined(Reuse))
        {
            yield return $"Reuse is {Reuse}: set it to Shared, Local, InProcess or Off.";
        }

        if (FindDirectoryProblem() is { } problem)
        {
            yield return problem;
        }

        if (DirectoryBytes < 0)
        {
            yield return $"DirectoryBytes is {DirectoryBytes}: set it to 0 or more.";
        }

        if (!Enum.IsDefined(PassageReuse))
        {
            yield return $"PassageReuse is {PassageReuse}: set it to Exact or Independent.";
        }

        if (PassageReuse == PassageReuse.Independent && Reuse == KvReuse.Off)
        {
            yield return "PassageReuse is Independent, but Reuse is Off: set Reuse to Shared, Local or InProcess, or PassageReuse to Exact.";
        }

        if (RecomputedTokens < 0)
        {
            yield return $"RecomputedTokens is {RecomputedTokens}: set it to 0 or more.";
        }

        if (Tenant is null)
        {
            yield return "Tenant is null: set it to an empty string for none.";
        }

        if (TimeToLive < TimeSpan.FromSeconds(1) || TimeToLive > TimeSpan.FromDays(365))
        {
            yield return $"TimeToLive is {TimeToLive}: set it to 1 second to 365 days.";
        }

        if (MaxStoredBytes < 0)
        {
            yield return $"MaxStoredBytes is {MaxStoredBytes}: set it to 0 or more.";
        }

        if (MemoryBytes <= 0)
        {
            yield return $"MemoryBytes is {MemoryBytes}: set it to more than 0, or to null for half of the memory that is left. "
                + "To keep no KV states, set Reuse to Off.";
        }
    }

    private string? FindDirectoryProblem()
    {
        if (Directory is null)
        {
            return Reuse == KvReuse.Local ? "Reuse is Local, but Directory is null: set Directory to a folder, or Reuse to Shared or InProcess." : null;
        }

        return string.IsNullOrWhiteSpace(Directory) || Directory.Contains('\0', StringComparison.Ordinal)
            ? "Directory is empty or contains a null character: set it to a folder, or to null for none."
            : null;
    }
}
