namespace RedisInfer.Templates.Values;

/// <summary>Items and slices of strings, lists, tuples and dictionaries, with Python's rules.</summary>
internal static class Subscript
{
    /// <summary>Finds the item of a key or an index.</summary>
    /// <returns>Whether there is one.</returns>
    public static bool TryGet(object? target, object? key, Budget budget, out object? value)
    {
        value = null;
        if (target is TemplateDict dict)
            return dict.TryGet(key, budget, out value);
        if (!Numbers.TryInteger(key, out long index) || target is not (string or List<object?> or TemplateTuple))
            return false;
        long count = ValueKinds.Length(target, budget);
        index = index < 0 ? index + count : index;
        if (index < 0 || index >= count)
            return false;
        value = Item(target, (int)index, budget);
        return true;
    }

    /// <summary>Cuts a part out.</summary>
    /// <param name="target">The string, list or tuple.</param>
    /// <param name="start">The first index; <see langword="null"/>: the end where the step begins.</param>
    /// <param name="stop">One past the last index; <see langword="null"/>: the other end.</param>
    /// <param name="step">The step; <see langword="null"/>: 1.</param>
    /// <param name="budget">Pays for it.</param>
    public static object Slice(object? target, object? start, object? stop, object? step, Budget budget)
    {
        if (target is Undefined undefined)
            throw undefined.Error();
        if (target is not (string or List<object?> or TemplateTuple))
            throw new TemplateException($"'{ValueKinds.NameOf(target)}' object cannot be sliced");
        int count = (int)ValueKinds.Length(target, budget);
        long by = step is null ? 1 : Index(step);
        if (by == 0)
            throw new TemplateException("slice step cannot be zero");
        long first = start is null ? (by > 0 ? 0 : count - 1) : Clamp(Index(start), count, by);
        long end = stop is null ? (by > 0 ? count : -1) : Clamp(Index(stop), count, by);
        long length = by > 0 ? Length(first, end, by) : Length(end, first, by == long.MinValue ? long.MaxValue : -by);
        if (target is string text && by == 1)
        {
            budget.SpendText(length);
            int at = CodePoints.ToUtf16(text, (int)first);
            return length == 0 ? "" : text[at..CodePoints.ToUtf16(text, (int)(first + length))];
        }

        budget.SpendItems(length);
        IReadOnlyList<object?> all = target is string characters ? CodePoints.Split(characters) : target is TemplateTuple tuple ? tuple.Items : (List<object?>)target;
        object?[] chosen = new object?[length];
        for (int i = 0; i < chosen.Length; i++)
        {
            chosen[i] = all[(int)(first + (i * by))];
        }

        return target is string ? string.Concat(chosen) : target is TemplateTuple ? new TemplateTuple(chosen) : new List<object?>(chosen);
    }

    private static object? Item(object target, int index, Budget budget)
    {
        if (target is not string text)
            return target is TemplateTuple tuple ? tuple.Items[index] : ((List<object?>)target)[index];
        budget.SpendText(index);
        int at = CodePoints.ToUtf16(text, index);
        return text.Substring(at, at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? 2 : 1);
    }

    private static long Index(object value) =>
        Numbers.TryInteger(value, out long index) ? index : throw new TemplateException("slice indices must be integers or None");

    // As slice.indices() in Python.
    private static long Clamp(long index, int count, long step)
    {
        index = index < 0 ? index + count : index;
        return step > 0 ? Math.Clamp(index, 0, count) : Math.Clamp(index, -1, count - 1);
    }

    private static long Length(long low, long high, long step) => high <= low ? 0 : ((high - low - 1) / step) + 1;
}
