namespace RedisInfer.Scheduling.Drafts;

/// <summary>What an answer can have in its next step.</summary>
/// <param name="Id">Its sequence id.</param>
/// <param name="Drafts">What it proposes; <see langword="null"/>: nothing, ever.</param>
internal readonly record struct DraftOffer(int Id, TokenDrafts? Drafts)
{
    /// <summary>Number of tokens that it can propose.</summary>
    public int Count => Drafts?.Offered ?? 0;
}
