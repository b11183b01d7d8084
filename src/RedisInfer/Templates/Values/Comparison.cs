namespace RedisInfer.Templates.Values;

/// <summary>Equality, order and membership with Python's rules.</summary>
internal static class Comparison
{
    /// <summary>Whether two values are equal.</summary>
    public static bool AreEqual(object? left, object? right, Budget budget)
    {
        budget.Enter();
        bool equal = (left, right) switch
        {
            (null, null) or (Undefined, Undefined) => true,
            (string a, string b) => AreEqual(a, b, budget),
            (List<object?> a, List<object?> b) => AreEqual(a, b, budget),
            (TemplateTuple a, TemplateTuple b) => AreEqual(a.Items, b.Items, budget),
            (TemplateDict a, TemplateDict b) => a.Count == b.Count
                && a.Items.All(item => b.TryGet(item.Key, budget, out object? other) && AreEqual(item.Value, other, budget)),
            _ when Numbers.IsNumber(left) && Numbers.IsNumber(right) => Numbers.Compare(left!, right!) == 0,
            _ => ReferenceEquals(left, right),
        };
        budget.Leave();
        return equal;
    }

    /// <summary>Orders two values.</summary>
    /// <param name="op">The operator, for the error.</param>
    /// <param name="left">The first.</param>
    /// <param name="right">The second.</param>
    /// <param name="budget">Pays for it.</param>
    /// <exception cref="TemplateException">They have no order.</exception>
    public static int Compare(string op, object? left, object? right, Budget budget)
    {
        budget.Enter();
        int order = (left, right) switch
        {
            (Undefined undefined, _) => throw undefined.Error(),
            (_, Undefined undefined) => throw undefined.Error(),
            (string a, string b) => Compare(a, b, budget),
            (List<object?> a, List<object?> b) => Compare(op, a, b, budget),
            (TemplateTuple a, TemplateTuple b) => Compare(op, a.Items, b.Items, budget),
            _ when Numbers.IsNumber(left) && Numbers.IsNumber(right) => Numbers.Compare(left!, right!),
            _ => throw new TemplateException(
                $"'{op}' not supported between instances of '{ValueKinds.NameOf(left)}' and '{ValueKinds.NameOf(right)}'"),
        };
        budget.Leave();
        return order;
    }

    /// <summary>Whether a container holds a value.</summary>
    /// <exception cref="TemplateException">It is no container.</exception>
    public static bool Contains(object? container, object? value, Budget budget) => container switch
    {
        string text => value is string part
            ? Contains(text, part, budget)
            : throw new TemplateException($"'in <string>' requires string as left operand, not {ValueKinds.NameOf(value)}"),
        TemplateDict dict => dict.TryGet(value, budget, out _),
        _ when ValueKinds.IsIterable(container) => ValueKinds.Items(container, budget).Any(item => AreEqual(item, value, budget)),
        _ => throw new TemplateException($"argument of type '{ValueKinds.NameOf(container)}' is not iterable"),
    };

    private static bool AreEqual(string left, string right, Budget budget)
    {
        if (left.Length != right.Length)
            return false;
        budget.SpendText(left.Length);
        return left == right;
    }

    private static int Compare(string left, string right, Budget budget)
    {
        budget.SpendText(Math.Min(left.Length, right.Length));
        return CodePoints.Compare(left, right);
    }

    private static bool Contains(string text, string part, Budget budget)
    {
        budget.SpendSearch(text, part);
        return text.Contains(part, StringComparison.Ordinal);
    }

    private static bool AreEqual(IReadOnlyList<object?> left, IReadOnlyList<object?> right, Budget budget)
    {
        if (left.Count != right.Count)
            return false;
        for (int i = 0; i < left.Count; i++)
        {
            if (!AreEqual(left[i], right[i], budget))
                return false;
        }

        return true;
    }

    private static int Compare(string op, IReadOnlyList<object?> left, IReadOnlyList<object?> right, Budget budget)
    {
        for (int i = 0; i < left.Count && i < right.Count; i++)
        {
            if (!AreEqual(left[i], right[i], budget))
                return Compare(op, left[i], right[i], budget);
        }

        return left.Count.CompareTo(right.Count);
    }
}
