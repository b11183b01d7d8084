using System.Diagnostics.CodeAnalysis;

namespace RedisInfer.Templates.Values;

/// <summary>A dictionary of the template language: any hashable keys, in the order of their first assignment.</summary>
internal sealed class TemplateDict
{
    private static readonly object NoneKey = new();

    private readonly OrderedDictionary<object, object?> _items = new(new KeyComparer());

    /// <summary>Number of keys.</summary>
    public int Count => _items.Count;

    /// <summary>The keys.</summary>
    public IEnumerable<object?> Keys => _items.Keys.Select(Key);

    /// <summary>The values.</summary>
    public IEnumerable<object?> Values => _items.Values;

    /// <summary>Keys and values.</summary>
    public IEnumerable<KeyValuePair<object?, object?>> Items => _items.Select(item => KeyValuePair.Create(Key(item.Key), item.Value));

    /// <summary>Finds a value.</summary>
    /// <exception cref="TemplateException">The key cannot be one.</exception>
    public bool TryGet(object? key, Budget budget, out object? value)
    {
        Pay(key, budget);
        return _items.TryGetValue(key ?? NoneKey, out value);
    }

    /// <summary>Assigns a value.</summary>
    /// <exception cref="TemplateException">The key cannot be one.</exception>
    public void Set(object? key, object? value, Budget budget)
    {
        Pay(key, budget);
        budget.SpendItems(1);
        _items[key ?? NoneKey] = value;
    }

    /// <summary>Removes a key.</summary>
    /// <exception cref="TemplateException">The key cannot be one.</exception>
    public bool Remove(object? key, Budget budget, out object? value)
    {
        Pay(key, budget);
        budget.SpendItems(Count);
        return _items.Remove(key ?? NoneKey, out value);
    }

    /// <summary>Removes all keys.</summary>
    public void Clear() => _items.Clear();

    private static object? Key(object key) => ReferenceEquals(key, NoneKey) ? null : key;

    // Pays for hashing a key and comparing it. Tuples may share parts, so they can be far larger than they look.
    private static void Pay(object? key, Budget budget)
    {
        budget.Enter();
        switch (key)
        {
            case string text:
                budget.SpendText(text.Length);
                break;
            case TemplateTuple tuple:
                foreach (object? item in tuple.Items)
                {
                    Pay(item, budget);
                }

                break;
            case List<object?> or TemplateDict:
                throw new TemplateException($"unhashable type: '{ValueKinds.NameOf(key)}'");
        }

        budget.Leave();
    }

    private sealed class KeyComparer : IEqualityComparer<object>
    {
        public new bool Equals(object? x, object? y) => (x, y) switch
        {
            (string left, string right) => left == right,
            (TemplateTuple left, TemplateTuple right) => left.Items.Count == right.Items.Count && left.Items.Zip(right.Items).All(pair => Equals(pair.First, pair.Second)),
            _ when Numbers.IsNumber(x) && Numbers.IsNumber(y) => Numbers.Compare(x!, y!) == 0,
            _ => object.Equals(x, y),
        };

        public int GetHashCode([DisallowNull] object value) => value switch
        {
            TemplateTuple tuple => tuple.Items.Aggregate(tuple.Items.Count, (hash, item) => HashCode.Combine(hash, item is null ? 0 : GetHashCode(item))),
            _ when Numbers.IsNumber(value) => Numbers.ToDouble(value).GetHashCode(),
            _ => value.GetHashCode(),
        };
    }
}
