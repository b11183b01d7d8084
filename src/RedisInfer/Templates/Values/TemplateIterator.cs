namespace RedisInfer.Templates.Values;

/// <summary>What filters such as <c>map</c> and <c>select</c> give: items that can be taken once, without a length. It is always true.</summary>
/// <param name="items">The items.</param>
internal sealed class TemplateIterator(IReadOnlyList<object?> items)
{
    private int _next;

    /// <summary>Takes the items that are left.</summary>
    public IReadOnlyList<object?> TakeAll()
    {
        IReadOnlyList<object?> rest = _next == 0 ? items : [.. items.Skip(_next)];
        _next = items.Count;
        return rest;
    }

    /// <summary>Takes the next item.</summary>
    /// <param name="item">The item.</param>
    /// <returns>Whether there was one.</returns>
    public bool TryTake(out object? item)
    {
        item = _next < items.Count ? items[_next] : null;
        return _next++ < items.Count;
    }
}
