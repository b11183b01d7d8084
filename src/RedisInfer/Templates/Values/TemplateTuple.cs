namespace RedisInfer.Templates.Values;

/// <summary>A tuple of the template language.</summary>
/// <param name="items">Its items; not changed later.</param>
internal sealed class TemplateTuple(params object?[] items)
{
    /// <summary>Its items.</summary>
    public IReadOnlyList<object?> Items => items;

    /// <summary>Names of its items, if they have some.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];
}
