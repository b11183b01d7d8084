namespace RedisInfer.Templates.Values;

/// <summary>What a value is: its type's name, its truth, its items and its length. The rules are Python's.</summary>
internal static class ValueKinds
{
    /// <summary>Python's name of a value's type.</summary>
    public static string NameOf(object? value) => value switch
    {
        null => "NoneType",
        bool => "bool",
        long => "int",
        double => "float",
        string => "str",
        List<object?> => "list",
        TemplateTuple => "tuple",
        TemplateDict => "dict",
        TemplateIterator => "generator",
        TemplateNamespace => "Namespace",
        Undefined => "Undefined",
        ITemplateCallable => "function",
        _ => "object",
    };

    /// <summary>Whether a value counts as true.</summary>
    public static bool IsTrue(object? value) => value switch
    {
        null or Undefined => false,
        bool flag => flag,
        long number => number != 0,
        double number => number != 0,
        string text => text.Length > 0,
        List<object?> list => list.Count > 0,
        TemplateTuple tuple => tuple.Items.Count > 0,
        TemplateDict dict => dict.Count > 0,
        _ => true,
    };

    /// <summary>The items of a value that can be iterated, as a snapshot.</summary>
    /// <exception cref="TemplateException">It cannot be iterated.</exception>
    public static IReadOnlyList<object?> Items(object? value, Budget budget)
    {
        if (!IsIterable(value))
            throw new TemplateException($"'{NameOf(value)}' object is not iterable");
        budget.SpendItems(value is TemplateIterator ? 0 : Length(value, budget));
        return value switch
        {
            string text => CodePoints.Split(text),
            List<object?> list => [.. list],
            TemplateTuple tuple => tuple.Items,
            TemplateDict dict => [.. dict.Keys],
            TemplateIterator iterator => iterator.TakeAll(),
            _ => [],
        };
    }

    /// <summary>Whether a value can be iterated.</summary>
    public static bool IsIterable(object? value) => value is string or List<object?> or TemplateTuple or TemplateDict or TemplateIterator or Undefined;

    /// <summary>The number of items of a value, or of the characters of a string.</summary>
    /// <exception cref="TemplateException">It has no length.</exception>
    public static long Length(object? value, Budget budget)
    {
        budget.SpendText(value is string text ? text.Length : 0);
        return LengthOf(value) ?? throw new TemplateException($"object of type '{NameOf(value)}' has no len()");
    }

    private static long? LengthOf(object? value) => value switch
    {
        string text => CodePoints.Count(text),
        List<object?> list => list.Count,
        TemplateTuple tuple => tuple.Items.Count,
        TemplateDict dict => dict.Count,
        Undefined => 0,
        _ => null,
    };
}
