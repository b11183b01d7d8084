using RedisInfer.Templates.Values;

namespace RedisInfer.Templates;

/// <summary>The variable <c>loop</c>.</summary>
/// <param name="items">All items.</param>
/// <param name="depth">How many loops it is inside of.</param>
/// <param name="again">Renders the body of a recursive loop for other items; <see langword="null"/>: the loop is not recursive.</param>
/// <param name="budget">Pays for comparisons.</param>
internal sealed class LoopState(IReadOnlyList<object?> items, int depth, Func<object?, string>? again, Budget budget) : ITemplateCallable
{
    private object? _lastChanged;
    private bool _hasChanged;

    /// <summary>Index of the current item, from 0.</summary>
    public int Index { get; set; }

    /// <summary>A member of the variable.</summary>
    /// <returns>Whether there is one with this name.</returns>
    public bool TryGet(string name, out object? value)
    {
        value = name switch
        {
            "index" => Index + 1L,
            "index0" => (long)Index,
            "revindex" => (long)items.Count - Index,
            "revindex0" => items.Count - Index - 1L,
            "first" => Index == 0,
            "last" => Index == items.Count - 1,
            "length" => (long)items.Count,
            "depth" => depth + 1L,
            "depth0" => (long)depth,
            "previtem" => Index > 0 ? items[Index - 1] : new Undefined("there is no previous item"),
            "nextitem" => Index + 1 < items.Count ? items[Index + 1] : new Undefined("there is no next item"),
            "cycle" => new NativeFunction(Cycle),
            "changed" => new NativeFunction(Changed),
            _ => this,
        };
        return !ReferenceEquals(value, this);
    }

    public object? Call(Arguments arguments) => again is null
        ? throw new TemplateException("the loop must have the 'recursive' marker to be called recursively")
        : again(arguments.As("iterable").Required("iterable"));

    private object? Cycle(Arguments arguments) => arguments.Positional.Count == 0
        ? throw new TemplateException("no items for cycling given")
        : arguments.Positional[Index % arguments.Positional.Count];

    private object? Changed(Arguments arguments)
    {
        var value = new TemplateTuple([.. arguments.Positional]);
        bool changed = !_hasChanged || !Comparison.AreEqual(_lastChanged, value, budget);
        (_lastChanged, _hasChanged) = (value, true);
        return changed;
    }
}
