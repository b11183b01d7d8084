using RedisInfer.Templates.Values;

namespace RedisInfer.Templates;

/// <summary>The methods of lists, tuples and dictionaries, and the way to those of strings.</summary>
internal static class Methods
{
    // Moving this many items costs as much as making one.
    private const int ItemsMovedAtOnce = 64;

    /// <summary>Finds a method of a value.</summary>
    /// <returns>The method, bound to the value; <see langword="null"/> if it has none with this name.</returns>
    public static NativeFunction? Find(object? target, string name, Budget budget) => target switch
    {
        string text when TextMethods.All.TryGetValue(name, out Func<string, Arguments, Budget, object?>? method) => new(arguments => OfText(method, text, arguments, budget)),
        TemplateDict dict => OfDict(dict, name, budget) is { } method ? new(method) : null,
        List<object?> list => OfList(list, name, budget) is { } method ? new(method) : null,
        TemplateTuple tuple => OfSequence(tuple.Items, name, budget) is { } method ? new(method) : null,
        _ => null,
    };

    private static object? OfText(Func<string, Arguments, Budget, object?> method, string text, Arguments arguments, Budget budget)
    {
        budget.SpendText(text.Length);
        return method(text, arguments, budget);
    }

    private static Func<Arguments, object?>? OfDict(TemplateDict dict, string name, Budget budget) => name switch
    {
        "get" => arguments => dict.TryGet(arguments.As("key", "default").Required("key"), budget, out object? value) ? value : arguments.Value("default", null),
        "items" => arguments => Listed(dict.Items.Select(item => new TemplateTuple(item.Key, item.Value)), arguments.As(), dict.Count, budget),
        "keys" => arguments => Listed(dict.Keys, arguments.As(), dict.Count, budget),
        "values" => arguments => Listed(dict.Values, arguments.As(), dict.Count, budget),
        "copy" => arguments => Copy(dict, arguments.As(), budget),
        "pop" => arguments => dict.Remove(arguments.As("key", "default").Required("key"), budget, out object? value) ? value
            : arguments.Has("default") ? arguments.Value("default", null)
            : throw new TemplateException($"KeyError: {ValueText.Repr(arguments.Required("key"), budget)}"),
        "setdefault" => arguments => SetDefault(dict, arguments.As("key", "default"), budget),
        "update" => arguments => Update(dict, arguments, budget),
        "clear" => arguments => Clear(dict, arguments.As()),
        _ => null,
    };

    private static List<object?> Listed(IEnumerable<object?> items, Arguments arguments, int count, Budget budget)
    {
        budget.SpendItems(count + arguments.Positional.Count);
        return [.. items];
    }

    private static TemplateDict Copy(TemplateDict dict, Arguments arguments, Budget budget)
    {
        var copy = new TemplateDict();
        Update(copy, arguments with { Positional = [dict] }, budget);
        return copy;
    }

    private static object? SetDefault(TemplateDict dict, Arguments arguments, Budget budget)
    {
        object? key = arguments.Required("key");
        if (dict.TryGet(key, budget, out object? value))
            return value;
        value = arguments.Value("default", null);
        dict.Set(key, value, budget);
        return value;
    }

    /// <summary>Adds keys and values to a dictionary: those of another one or of pairs, and named ones.</summary>
    public static object? Update(TemplateDict dict, Arguments arguments, Budget budget)
    {
        if (arguments.Positional.Count > 1)
            throw new TemplateException($"{arguments.Function} expected at most 1 argument, got {arguments.Positional.Count}");
        object? other = arguments.Positional is [var given] ? given : null;
        if (other is TemplateDict more)
        {
            foreach ((object? key, object? value) in more.Items.ToArray())
            {
                dict.Set(key, value, budget);
            }
        }
        else if (other is not null)
        {
            foreach (object? pair in ValueKinds.Items(other, budget))
            {
                if (ValueKinds.Items(pair, budget) is not [var key, var value])
                    throw new TemplateException("a dictionary is made of pairs");
                dict.Set(key, value, budget);
            }
        }

        foreach ((string key, object? value) in arguments.Named)
        {
            dict.Set(key, value, budget);
        }

        return null;
    }

    private static object? Clear(TemplateDict dict, Arguments arguments)
    {
        _ = arguments;
        dict.Clear();
        return null;
    }

    private static Func<Arguments, object?>? OfList(List<object?> list, string name, Budget budget) => name switch
    {
        "append" => arguments => Insert(list, list.Count, arguments.As("object").Required("object"), budget),
        "insert" => arguments => Insert(list, Position(list, arguments.As("index", "object").Integer("index")), arguments.Required("object"), budget),
        "extend" => arguments => Extend(list, arguments.As("iterable").Required("iterable"), budget),
        "pop" => arguments => Pop(list, arguments.As("index").Integer("index", -1), budget),
        "remove" => arguments => Remove(list, arguments.As("value").Required("value"), budget),
        "reverse" => arguments => Change(list, arguments.As(), budget, items => items.Reverse()),
        "clear" => arguments => Change(list, arguments.As(), budget, items => items.Clear()),
        "copy" => arguments => Listed(list, arguments.As(), list.Count, budget),
        "sort" => arguments => Sort(list, arguments.As("key", "reverse"), budget),
        _ => OfSequence(list, name, budget),
    };

    private static Func<Arguments, object?>? OfSequence(IReadOnlyList<object?> items, string name, Budget budget) => name switch
    {
        "index" => arguments => IndexOf(items, arguments.As("value").Required("value"), budget) is >= 0 and var index
            ? index
            : throw new TemplateException("the value is not in the list"),
        "count" => arguments => (long)items.Count(item => Comparison.AreEqual(item, arguments.As("value").Required("value"), budget)),
        _ => null,
    };

    private static long IndexOf(IReadOnlyList<object?> items, object? value, Budget budget)
    {
        for (int i = 0; i < items.Count; i++)
        {
            if (Comparison.AreEqual(items[i], value, budget))
                return i;
        }

        return -1;
    }

    private static object? Insert(List<object?> list, int index, object? value, Budget budget)
    {
        budget.SpendItems(1 + ((list.Count - index) / ItemsMovedAtOnce));
        list.Insert(index, value);
        return null;
    }

    private static int Position(List<object?> list, long index) => (int)Math.Clamp(index < 0 ? index + list.Count : index, 0, list.Count);

    private static object? Extend(List<object?> list, object? value, Budget budget)
    {
        list.AddRange(ValueKinds.Items(value, budget));
        return null;
    }

    private static object? Pop(List<object?> list, long index, Budget budget)
    {
        budget.SpendItems(1 + (list.Count / ItemsMovedAtOnce));
        index = index < 0 ? index + list.Count : index;
        if (index < 0 || index >= list.Count)
            throw new TemplateException(list.Count == 0 ? "pop from empty list" : "pop index out of range");
        object? value = list[(int)index];
        list.RemoveAt((int)index);
        return value;
    }

    private static object? Remove(List<object?> list, object? value, Budget budget)
    {
        long index = IndexOf(list, value, budget);
        list.RemoveAt(index >= 0 ? (int)index : throw new TemplateException("the value is not in the list"));
        return null;
    }

    private static object? Change(List<object?> list, Arguments arguments, Budget budget, Action<List<object?>> change)
    {
        budget.SpendItems(list.Count + arguments.Positional.Count);
        change(list);
        return null;
    }

    private static object? Sort(List<object?> list, Arguments arguments, Budget budget)
    {
        if (arguments.Value("key", null) is not null)
            throw new TemplateException("sort: 'key' is not supported; use the filter 'sort'");
        budget.SpendItems(list.Count);
        var order = Comparer<object?>.Create((a, b) => Comparison.Compare("<", a, b, budget));
        object?[] sorted;
        try
        {
            sorted = [.. arguments.Flag("reverse", false) ? list.OrderDescending(order) : list.Order(order)];
        }
        catch (InvalidOperationException error) when (error.InnerException is TemplateException inner)
        {
            throw new TemplateException(inner.Message);
        }

        list.Clear();
        list.AddRange(sorted);
        return null;
    }
}
