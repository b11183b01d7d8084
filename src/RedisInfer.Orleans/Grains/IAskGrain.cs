namespace RedisInfer.Orleans.Grains;

/// <summary>Asks one question for a host that has no silo. Its key is a <see cref="Placement.RouteKey"/>.</summary>
[Alias("redisinfer.ask")]
internal interface IAskGrain : IGrainWithStringKey
{
    /// <summary>Searches, and lets the cluster answer.</summary>
    /// <param name="request">A question.</param>
    /// <param name="cancellationToken">Cancels.</param>
    [Alias("ask")]
    IAsyncEnumerable<AnswerPart> AskAsync(byte[] request, CancellationToken cancellationToken);
}
