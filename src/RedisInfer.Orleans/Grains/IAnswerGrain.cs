namespace RedisInfer.Orleans.Grains;

/// <summary>Answers one question whose passages were found. Its key is a <see cref="Placement.RouteKey"/>.</summary>
[Alias("redisinfer.answer")]
internal interface IAnswerGrain : IGrainWithStringKey
{
    /// <summary>Answers.</summary>
    /// <param name="question">A question with its passages.</param>
    /// <param name="cancellationToken">Cancels the answer.</param>
    [Alias("answer")]
    IAsyncEnumerable<AnswerPart> AnswerAsync(byte[] question, CancellationToken cancellationToken);
}
