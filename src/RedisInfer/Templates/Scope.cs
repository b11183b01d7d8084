using RedisInfer.Templates.Values;

namespace RedisInfer.Templates;

/// <summary>The names of a block. What it does not have is looked up in the blocks around it.</summary>
/// <param name="outer">The block around it.</param>
internal sealed class Scope(Scope? outer)
{
    private readonly Dictionary<string, object?> _names = new(StringComparer.Ordinal);

    /// <summary>Assigns a name in this block.</summary>
    public void Set(string name, object? value) => _names[name] = value;

    /// <summary>The value of a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="budget">Pays for each block that is looked through.</param>
    public object? Get(string name, Budget budget)
    {
        for (Scope? scope = this; scope is not null; scope = scope.Outer)
        {
            budget.Step();
            if (scope._names.TryGetValue(name, out object? value))
                return value;
        }

        return new Undefined($"'{name}' is undefined");
    }

    private Scope? Outer => outer;
}
