namespace RedisInfer.Templates.Values;

/// <summary>The operators that compute a value from two values.</summary>
internal static class Operators
{
    /// <summary>Computes <c>left op right</c>.</summary>
    /// <exception cref="TemplateException">The operator does not take these values.</exception>
    public static object? Compute(string op, object? left, object? right, Budget budget)
    {
        if (left is Undefined undefined || (right is Undefined && left is not string))
            throw (left as Undefined ?? (Undefined)right!).Error();
        if (op == "%" && left is string format)
            return Formatting.Percent(format, right, budget);
        if (Numbers.IsNumber(left) && Numbers.IsNumber(right))
            return Numbers.Compute(op, left!, right!);
        if (op == "*" && Numbers.TryInteger(right, out long count))
            return Repeat(left, count, budget) ?? throw Unsupported(op, left, right);
        if (op == "*" && Numbers.TryInteger(left, out count))
            return Repeat(right, count, budget) ?? throw Unsupported(op, left, right);
        return (op, left, right) switch
        {
            (_, _, Undefined other) => throw other.Error(),
            ("+", string a, string b) => Concat(budget, a, b),
            ("+", List<object?> a, List<object?> b) => new List<object?>(Join(a, b, budget)),
            ("+", TemplateTuple a, TemplateTuple b) => new TemplateTuple(Join(a.Items, b.Items, budget)),
            ("+", string, _) => throw new TemplateException($"can only concatenate str (not \"{ValueKinds.NameOf(right)}\") to str"),
            _ => throw Unsupported(op, left, right),
        };
    }

    /// <summary>Joins texts.</summary>
    public static string Concat(Budget budget, params ReadOnlySpan<string> texts)
    {
        long length = 0;
        foreach (string text in texts)
        {
            length += text.Length;
        }

        budget.SpendText(length);
        return string.Concat(texts);
    }

    private static object?[] Join(IReadOnlyList<object?> left, IReadOnlyList<object?> right, Budget budget)
    {
        budget.SpendItems(left.Count + (long)right.Count);
        return [.. left, .. right];
    }

    private static object? Repeat(object? value, long count, Budget budget)
    {
        if (value is not (string or List<object?> or TemplateTuple))
            return null;
        count = Math.Max(0, Math.Min(count, Budget.MaxSteps));
        if (value is string text)
        {
            budget.SpendText(text.Length * count);
            return text.Length == 0 ? "" : string.Concat(Enumerable.Repeat(text, (int)count));
        }

        IReadOnlyList<object?> items = value is TemplateTuple tuple ? tuple.Items : (List<object?>)value;
        budget.SpendItems(Math.Min(Budget.MaxSteps, items.Count * count));
        count = items.Count == 0 ? 0 : count;
        object?[] repeated = [.. Enumerable.Repeat(items, (int)count).SelectMany(part => part)];
        return value is TemplateTuple ? new TemplateTuple(repeated) : new List<object?>(repeated);
    }

    private static TemplateException Unsupported(string op, object? left, object? right) =>
        new($"unsupported operand type(s) for {op}: '{ValueKinds.NameOf(left)}' and '{ValueKinds.NameOf(right)}'");
}
