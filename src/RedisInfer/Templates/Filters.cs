using RedisInfer.Templates.Values;

namespace RedisInfer.Templates;

/// <summary>The filters of the language: <c>value | name</c>.</summary>
internal static class Filters
{
    private static readonly Dictionary<string, Func<object?, Arguments, Interpreter, object?>> All = Join();

    /// <summary>Whether there is a filter with a name.</summary>
    public static bool Exists(string name) => All.ContainsKey(name);

    /// <summary>Applies a filter.</summary>
    /// <exception cref="TemplateException">There is no such filter, or it does not take these arguments.</exception>
    public static object? Apply(string name, object? value, Arguments arguments, Interpreter interpreter) =>
        All.TryGetValue(name, out Func<object?, Arguments, Interpreter, object?>? filter)
            ? filter(value, arguments, interpreter)
            : throw new TemplateException($"No filter named '{name}'");

    private static Dictionary<string, Func<object?, Arguments, Interpreter, object?>> Join()
    {
        var all = new Dictionary<string, Func<object?, Arguments, Interpreter, object?>>(ListFilters.All, StringComparer.Ordinal);
        foreach ((string name, Func<object?, Arguments, Budget, object?> filter) in TextFilters.All.Concat(NumberFilters.All))
        {
            all[name] = (value, arguments, interpreter) => filter(value, arguments, interpreter.Budget);
        }

        return all;
    }
}
