using RedisInfer.Templates.Values;

namespace RedisInfer.Templates;

/// <summary>Filters for lists and dictionaries.</summary>
internal static class ListFilters
{
    /// <summary>The filters by name.</summary>
    public static Dictionary<string, Func<object?, Arguments, Interpreter, object?>> All { get; } = new(StringComparer.Ordinal)
    {
        ["attr"] = Attribute,
        ["batch"] = Batch,
        ["dictsort"] = DictSort,
        ["first"] = (value, arguments, interpreter) => End(value, arguments.As(), interpreter, first: true),
        ["groupby"] = GroupBy,
        ["items"] = Pairs,
        ["join"] = Join,
        ["last"] = (value, arguments, interpreter) => End(value, arguments.As(), interpreter, first: false),
        ["list"] = (value, arguments, interpreter) => new List<object?>(Items(value, interpreter, arguments.As())),
        ["map"] = Map,
        ["max"] = (value, arguments, interpreter) => Extreme(value, arguments, interpreter, sign: 1),
        ["min"] = (value, arguments, interpreter) => Extreme(value, arguments, interpreter, sign: -1),
        ["reject"] = (value, arguments, interpreter) => Select(value, arguments, interpreter, byAttribute: false, keeps: false),
        ["rejectattr"] = (value, arguments, interpreter) => Select(value, arguments, interpreter, byAttribute: true, keeps: false),
        ["reverse"] = Reverse,
        ["select"] = (value, arguments, interpreter) => Select(value, arguments, interpreter, byAttribute: false, keeps: true),
        ["selectattr"] = (value, arguments, interpreter) => Select(value, arguments, interpreter, byAttribute: true, keeps: true),
        ["slice"] = Slice,
        ["sort"] = Sort,
        ["sum"] = Sum,
        ["unique"] = Unique,
    };

    private static IReadOnlyList<object?> Items(object? value, Interpreter interpreter, Arguments arguments)
    {
        if (!ValueKinds.IsIterable(value))
            throw new TemplateException($"{arguments.Function}: '{ValueKinds.NameOf(value)}' object is not iterable");
        return ValueKinds.Items(value, interpreter.Budget);
    }

    private static object? Attribute(object? value, Arguments arguments, Interpreter interpreter)
    {
        string name = arguments.As("name").Text("name");
        return value is Undefined undefined ? throw undefined.Error()
            : value is TemplateDict ? (object?)Methods.Find(value, name, interpreter.Budget) ?? new Undefined($"'dict object' has no attribute '{name}'")
            : interpreter.Member(value, name);
    }

    private static object? Batch(object? value, Arguments arguments, Interpreter interpreter)
    {
        IReadOnlyList<object?> items = Items(value, interpreter, arguments.As("linecount", "fill_with"));
        int size = (int)Math.Clamp(arguments.Integer("linecount"), 1, int.MaxValue);
        object? fill = arguments.Value("fill_with", null);
        List<object?> batches = [.. items.Chunk(size).Select(object? (batch) => batch.ToList())];
        if (fill is not null && batches is [.., List<object?> last])
        {
            interpreter.Budget.SpendItems(size - last.Count);
            last.AddRange(Enumerable.Repeat(fill, size - last.Count));
        }

        return new TemplateIterator(batches);
    }

    private static object? Slice(object? value, Arguments arguments, Interpreter interpreter)
    {
        IReadOnlyList<object?> items = Items(value, interpreter, arguments.As("slices", "fill_with"));
        long slices = arguments.Integer("slices");
        object? fill = arguments.Value("fill_with", null);
        if (slices < 1)
            throw new TemplateException("slice: 'slices' must be at least 1");
        interpreter.Budget.SpendItems(slices);
        int each = (int)(items.Count / slices), longer = (int)(items.Count % slices), at = 0;
        var result = new List<object?>();
        for (int i = 0; i < slices; i++)
        {
            int length = each + (i < longer ? 1 : 0);
            List<object?> part = [.. items.Skip(at).Take(length)];
            if (fill is not null && i >= longer)
                part.Add(fill);
            result.Add(part);
            at += length;
        }

        return new TemplateIterator(result);
    }

    private static object? DictSort(object? value, Arguments arguments, Interpreter interpreter)
    {
        arguments.As("case_sensitive", "by", "reverse");
        TemplateDict dict = value as TemplateDict ?? throw new TemplateException($"dictsort needs a mapping, not '{ValueKinds.NameOf(value)}'");
        string by = arguments.Text("by", "key");
        if (by is not ("key" or "value"))
            throw new TemplateException("You can only sort by either \"key\" or \"value\"");
        bool isCased = arguments.Flag("case_sensitive", false);
        interpreter.Budget.SpendItems(dict.Count);
        List<KeyValuePair<object?, object?>> sorted = Sorted(
            [.. dict.Items], item => Fold(by == "key" ? item.Key : item.Value, isCased), arguments.Flag("reverse", false), interpreter);
        return new List<object?>(sorted.Select(item => new TemplateTuple(item.Key, item.Value)));
    }

    private static object? End(object? value, Arguments arguments, Interpreter interpreter, bool first)
    {
        if (first && value is TemplateIterator iterator)
            return iterator.TryTake(out object? item) ? item : Empty();
        IReadOnlyList<object?> items = Items(value, interpreter, arguments);
        return items.Count == 0 ? Empty() : first ? items[0] : items[^1];

        Undefined Empty() => new($"No {(first ? "first" : "last")} item, sequence was empty.");
    }

    private static object? GroupBy(object? value, Arguments arguments, Interpreter interpreter)
    {
        IReadOnlyList<object?> items = Items(value, interpreter, arguments.As("attribute", "default", "case_sensitive"));
        Func<object?, object?> get = Getter(arguments.Required("attribute"), arguments.Value("default", null), interpreter);
        bool isCased = arguments.Flag("case_sensitive", false);
        var groups = new List<object?>();
        object? key = null;
        List<object?>? group = null;
        foreach (object? item in Sorted(items, item => Fold(get(item), isCased), reverse: false, interpreter))
        {
            object? next = Fold(get(item), isCased);
            if (group is null || !Comparison.AreEqual(key, next, interpreter.Budget))
            {
                (key, group) = (next, []);
                groups.Add(new TemplateTuple(get(item), group) { Names = ["grouper", "list"] });
            }

            group.Add(item);
        }

        return groups;
    }

    private static object? Pairs(object? value, Arguments arguments, Interpreter interpreter)
    {
        arguments.As();
        if (value is Undefined)
            return new TemplateIterator([]);
        TemplateDict dict = value as TemplateDict ?? throw new TemplateException("Can only get item pairs from a mapping.");
        interpreter.Budget.SpendItems(dict.Count);
        return new TemplateIterator([.. dict.Items.Select(item => new TemplateTuple(item.Key, item.Value))]);
    }

    private static object? Join(object? value, Arguments arguments, Interpreter interpreter)
    {
        IEnumerable<object?> items = Items(value, interpreter, arguments.As("d", "attribute"));
        if (arguments.Value("attribute", null) is { } attribute)
            items = items.Select(Getter(attribute, null, interpreter));
        return TextMethods.Join(ValueText.Str(arguments.Value("d", ""), interpreter.Budget), items, item => ValueText.Str(item, interpreter.Budget), interpreter.Budget);
    }

    private static object? Map(object? value, Arguments arguments, Interpreter interpreter)
    {
        IReadOnlyList<object?> items = Items(value, interpreter, arguments);
        Func<object?, object?> change;
        if (arguments.Positional.Count == 0 && arguments.Named.TryGetValue("attribute", out object? attribute))
        {
            arguments = new Arguments("map", [], arguments.Named).As("attribute", "default");
            change = Getter(attribute, arguments.Value("default", null), interpreter);
        }
        else
        {
            (string name, Arguments rest) = Named(arguments, skip: 1);
            change = item => Filters.Apply(name, item, rest, interpreter);
        }

        return new TemplateIterator([.. items.Select(change)]);
    }

    private static object? Select(object? value, Arguments arguments, Interpreter interpreter, bool byAttribute, bool keeps)
    {
        IReadOnlyList<object?> items = Items(value, interpreter, arguments);
        if (byAttribute && arguments.Positional.Count == 0)
            throw new TemplateException("Missing parameter for attribute name");
        Func<object?, object?> get = byAttribute ? Getter(arguments.Positional[0], null, interpreter) : item => item;
        int skip = byAttribute ? 2 : 1;
        Func<object?, bool> test = ValueKinds.IsTrue;
        if (arguments.Positional.Count >= skip)
        {
            (string name, Arguments rest) = Named(arguments, skip);
            test = item => Tests.Apply(name, item, rest, interpreter.Budget);
        }

        return new TemplateIterator([.. items.Where(item => test(get(item)) == keeps)]);
    }

    // The name of a filter or test among arguments, and the arguments for it.
    private static (string Name, Arguments Others) Named(Arguments arguments, int skip)
    {
        if (arguments.Positional.Count < skip || arguments.Positional[skip - 1] is not string name)
            throw new TemplateException($"{arguments.Function} requires the name of a filter or test");
        return (name, new Arguments(name, [.. arguments.Positional.Skip(skip)], arguments.Named));
    }

    private static object? Extreme(object? value, Arguments arguments, Interpreter interpreter, int sign)
    {
        IReadOnlyList<object?> items = Items(value, interpreter, arguments.As("case_sensitive", "attribute"));
        bool isCased = arguments.Flag("case_sensitive", false);
        Func<object?, object?> get = Getter(arguments.Value("attribute", null), null, interpreter);
        if (items.Count == 0)
            return new Undefined("No aggregated item, sequence was empty.");
        object? best = items[0];
        foreach (object? item in items.Skip(1))
        {
            if (sign * Comparison.Compare("<", Fold(get(item), isCased), Fold(get(best), isCased), interpreter.Budget) > 0)
                best = item;
        }

        return best;
    }

    private static object? Reverse(object? value, Arguments arguments, Interpreter interpreter)
    {
        IReadOnlyList<object?> items = Items(value, interpreter, arguments.As());
        return value is string ? string.Concat(items.Reverse()) : new TemplateIterator([.. items.Reverse()]);
    }

    private static object? Sort(object? value, Arguments arguments, Interpreter interpreter)
    {
        IReadOnlyList<object?> items = Items(value, interpreter, arguments.As("reverse", "case_sensitive", "attribute"));
        bool isCased = arguments.Flag("case_sensitive", false);
        object? attribute = arguments.Value("attribute", null);
        Func<object?, object?> key = attribute is string names && names.Contains(',')
            ? item => new TemplateTuple([.. names.Split(',').Select(name => Fold(Getter(name, null, interpreter)(item), isCased))])
            : item => Fold(Getter(attribute, null, interpreter)(item), isCased);
        return Sorted(items, key, arguments.Flag("reverse", false), interpreter);
    }

    private static object? Sum(object? value, Arguments arguments, Interpreter interpreter)
    {
        IReadOnlyList<object?> items = Items(value, interpreter, arguments.As("attribute", "start"));
        Func<object?, object?> get = Getter(arguments.Value("attribute", null), null, interpreter);
        object? sum = arguments.Value("start", 0L);
        foreach (object? item in items)
        {
            sum = Operators.Compute("+", sum, get(item), interpreter.Budget);
        }

        return sum;
    }

    private static object? Unique(object? value, Arguments arguments, Interpreter interpreter)
    {
        IReadOnlyList<object?> items = Items(value, interpreter, arguments.As("case_sensitive", "attribute"));
        bool isCased = arguments.Flag("case_sensitive", false);
        Func<object?, object?> get = Getter(arguments.Value("attribute", null), null, interpreter);
        var seen = new TemplateDict();
        var result = new List<object?>();
        foreach (object? item in items)
        {
            object? key = Fold(get(item), isCased);
            if (!seen.TryGet(key, interpreter.Budget, out _))
                result.Add(item);
            seen.Set(key, null, interpreter.Budget);
        }

        return new TemplateIterator(result);
    }

    private static List<T> Sorted<T>(IReadOnlyList<T> items, Func<T, object?> key, bool reverse, Interpreter interpreter)
    {
        var order = Comparer<object?>.Create((a, b) => Comparison.Compare("<", a, b, interpreter.Budget));
        (T Item, object? Key)[] keyed = [.. items.Select(item => (item, key(item)))];

        // LINQ's sort is stable, as Python's is, in both directions. It hides exceptions of a comparer, so these are unwrapped.
        try
        {
            return [.. (reverse ? keyed.OrderByDescending(pair => pair.Key, order) : keyed.OrderBy(pair => pair.Key, order)).Select(pair => pair.Item)];
        }
        catch (InvalidOperationException error) when (error.InnerException is TemplateException inner)
        {
            throw new TemplateException(inner.Message);
        }
    }

    private static object? Fold(object? value, bool isCased) => value is string text && !isCased ? text.ToLowerInvariant() : value;

    // The value of an attribute such as "function.name" or 0, or the item itself.
    private static Func<object?, object?> Getter(object? attribute, object? otherwise, Interpreter interpreter)
    {
        if (attribute is null)
            return item => item;
        object?[] parts = attribute is string path
            ? [.. path.Split('.').Select(part => part.Length > 0 && part.All(char.IsAsciiDigit) && Numbers.TryParseInteger(part, 10, out long index) ? (object)index : part)]
            : [attribute];
        return item =>
        {
            foreach (object? part in parts)
            {
                item = interpreter.ItemOf(item, part);
                item = item is Undefined && otherwise is not null ? otherwise : item;
            }

            return item;
        };
    }
}
