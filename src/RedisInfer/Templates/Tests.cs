using RedisInfer.Templates.Values;

namespace RedisInfer.Templates;

/// <summary>The tests of the language: <c>value is name</c>.</summary>
internal static class Tests
{
    private static readonly Dictionary<string, Func<object?, Arguments, Budget, bool>> All = new(StringComparer.Ordinal)
    {
        ["defined"] = Kind(value => value is not Undefined),
        ["undefined"] = Kind(value => value is Undefined),
        ["none"] = Kind(value => value is null),
        ["boolean"] = Kind(value => value is bool),
        ["true"] = Kind(value => value is true),
        ["false"] = Kind(value => value is false),
        ["integer"] = Kind(value => value is long),
        ["float"] = Kind(value => value is double),
        ["number"] = Kind(Numbers.IsNumber),
        ["string"] = Kind(value => value is string),
        ["mapping"] = Kind(value => value is TemplateDict),
        ["sequence"] = Kind(value => value is string or List<object?> or TemplateTuple or TemplateDict or Undefined),
        ["iterable"] = Kind(ValueKinds.IsIterable),
        ["callable"] = Kind(value => value is ITemplateCallable),
        ["escaped"] = Kind(_ => false),
        ["lower"] = (value, arguments, budget) => IsCased(value, arguments.As(), budget, char.IsLower, char.IsUpper),
        ["upper"] = (value, arguments, budget) => IsCased(value, arguments.As(), budget, char.IsUpper, char.IsLower),
        ["filter"] = Kind(value => value is string name && Filters.Exists(name)),
        ["test"] = Kind(value => value is string name && All!.ContainsKey(name)),
        ["odd"] = (value, arguments, _) => Remainder(value, 2, arguments.As()) == 1,
        ["even"] = (value, arguments, _) => Remainder(value, 2, arguments.As()) == 0,
        ["divisibleby"] = (value, arguments, _) => Remainder(value, arguments.As("num").Integer("num"), arguments) == 0,
        ["eq"] = (value, arguments, budget) => Comparison.AreEqual(value, Other(arguments), budget),
        ["ne"] = (value, arguments, budget) => !Comparison.AreEqual(value, Other(arguments), budget),
        ["lt"] = (value, arguments, budget) => Comparison.Compare("<", value, Other(arguments), budget) < 0,
        ["le"] = (value, arguments, budget) => Comparison.Compare("<=", value, Other(arguments), budget) <= 0,
        ["gt"] = (value, arguments, budget) => Comparison.Compare(">", value, Other(arguments), budget) > 0,
        ["ge"] = (value, arguments, budget) => Comparison.Compare(">=", value, Other(arguments), budget) >= 0,
        ["in"] = (value, arguments, budget) => Comparison.Contains(Other(arguments), value, budget),
        ["sameas"] = (value, arguments, budget) => IsSame(value, Other(arguments), budget),
    };

    private static readonly Dictionary<string, string> OtherNames = new(StringComparer.Ordinal)
    {
        ["=="] = "eq",
        ["equalto"] = "eq",
        ["!="] = "ne",
        ["<"] = "lt",
        ["lessthan"] = "lt",
        ["<="] = "le",
        [">"] = "gt",
        ["greaterthan"] = "gt",
        [">="] = "ge",
    };

    /// <summary>Applies a test.</summary>
    /// <exception cref="TemplateException">There is no such test, or it does not take these arguments.</exception>
    public static bool Apply(string name, object? value, Arguments arguments, Budget budget) =>
        All.TryGetValue(OtherNames.GetValueOrDefault(name, name), out Func<object?, Arguments, Budget, bool>? test)
            ? test(value, arguments, budget)
            : throw new TemplateException($"No test named '{name}'");

    private static Func<object?, Arguments, Budget, bool> Kind(Func<object?, bool> isOfKind) => (value, arguments, _) =>
    {
        arguments.As();
        return isOfKind(value);
    };

    private static object? Other(Arguments arguments) => arguments.As("other").Required("other");

    private static bool IsCased(object? value, Arguments arguments, Budget budget, Func<char, bool> isCase, Func<char, bool> isOther)
    {
        if (value is not string text)
            throw new TemplateException($"'{arguments.Function}' needs a string, not '{ValueKinds.NameOf(value)}'");
        budget.SpendText(text.Length);
        return text.Any(isCase) && !text.Any(isOther);
    }

    private static long Remainder(object? value, long divisor, Arguments arguments) => value switch
    {
        Undefined undefined => throw undefined.Error(),
        double number => Numbers.Compute("%", number, divisor) is 0.0 ? 0 : 1,
        _ when Numbers.IsNumber(value) => (long)Numbers.Compute("%", value!, divisor),
        _ => throw new TemplateException($"'{arguments.Function}' needs a number, not '{ValueKinds.NameOf(value)}'"),
    };

    private static bool IsSame(object? value, object? other, Budget budget) =>
        value is null or string or long or double or bool
            ? value?.GetType() == other?.GetType() && Comparison.AreEqual(value, other, budget)
            : ReferenceEquals(value, other);
}
