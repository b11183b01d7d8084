namespace RedisInfer.Answering;

/// <summary>A request as hosts send it: with the tokens of earlier answers, which hosts of the library do not see.</summary>
/// <param name="Request">The request.</param>
/// <param name="Generated">What the model generated, for each turn of the history.</param>
internal sealed record HandoffRequest(RagRequest Request, IReadOnlyList<GeneratedAnswer?> Generated)
{
    public static HandoffRequest From(RagRequest request) => new(request, [.. (request.History ?? []).Select(turn => turn.Generated)]);

    public RagRequest ToRequest() => Request.History is not { } turns
        ? Request
        : Request with { History = [.. turns.Zip(Generated, (turn, generated) => turn with { Generated = generated })] };
}
