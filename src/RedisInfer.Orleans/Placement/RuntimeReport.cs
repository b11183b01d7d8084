namespace RedisInfer.Orleans.Placement;

/// <summary>What a runtime tells other silos.</summary>
/// <param name="Key">Key of the runtime, as <see cref="RouteKey.OfKey"/> writes it.</param>
/// <param name="Group">Its group: runtimes of one group give the same answers.</param>
/// <param name="Load">Requests that run or wait.</param>
/// <param name="Slots">Requests that can run at once.</param>
[GenerateSerializer, Immutable, Alias("redisinfer.runtime")]
internal sealed record RuntimeReport([property: Id(0)] string Key, [property: Id(1)] string Group, [property: Id(2)] int Load, [property: Id(3)] int Slots)
{
    /// <summary>Whether a question for some runtimes may be answered by this one.</summary>
    public bool Answers(string runtime) => Group == runtime || Key == runtime;
}
