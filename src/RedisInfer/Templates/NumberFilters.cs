using System.Globalization;
using RedisInfer.Templates.Values;

namespace RedisInfer.Templates;

/// <summary>Filters for numbers, and those that choose or write a value.</summary>
internal static class NumberFilters
{
    private const int MostDecimals = 300;

    /// <summary>The filters by name.</summary>
    public static Dictionary<string, Func<object?, Arguments, Budget, object?>> All { get; } = new(StringComparer.Ordinal)
    {
        ["abs"] = Abs,
        ["int"] = Int,
        ["float"] = Float,
        ["round"] = Round,
        ["filesizeformat"] = FileSize,
        ["default"] = Default,
        ["d"] = Default,
        ["tojson"] = ToJson,
        ["length"] = Length,
        ["count"] = Length,
    };

    private static object? Length(object? value, Arguments arguments, Budget budget)
    {
        arguments.As();
        return ValueKinds.Length(value, budget);
    }

    private static object? Abs(object? value, Arguments arguments, Budget budget)
    {
        arguments.As();
        return Number(value) is var number && Numbers.ToDouble(number) < 0 ? Numbers.Negate(number) : number is bool ? Numbers.Compute("+", number, 0L) : number;
    }

    private static object? Int(object? value, Arguments arguments, Budget budget)
    {
        arguments.As("default", "base");
        object? otherwise = arguments.Value("default", 0L);
        if (value is Undefined undefined)
            throw undefined.Error();
        if (value is double real)
            return double.IsFinite(real) ? Numbers.Truncate(real) : otherwise;
        if (Numbers.TryInteger(value, out long number))
            return number;
        if (value is not string text)
            return otherwise;
        return Numbers.TryParseInteger(text, (int)Math.Clamp(arguments.Integer("base", 10), 2, 36), out number) ? number
            : Numbers.TryParseFloat(text, out real) && double.IsFinite(real) ? Numbers.Truncate(real)
            : otherwise;
    }

    private static object? Float(object? value, Arguments arguments, Budget budget)
    {
        arguments.As("default");
        return value is Undefined undefined ? throw undefined.Error()
            : Numbers.IsNumber(value) ? Numbers.ToDouble(value!)
            : value is string text && Numbers.TryParseFloat(text, out double number) ? number
            : arguments.Value("default", 0.0);
    }

    private static object? Round(object? value, Arguments arguments, Budget budget)
    {
        arguments.As("precision", "method");
        object number = Number(value);
        int precision = (int)Math.Clamp(arguments.Integer("precision", 0), -MostDecimals, MostDecimals);
        string method = arguments.Text("method", "common");
        if (method is not ("common" or "ceil" or "floor"))
            throw new TemplateException("method must be common, ceil or floor");
        double real = Numbers.ToDouble(number);
        if (method == "common")
            return RoundToEven(number, real, precision);
        double scale = Math.Pow(10, precision);
        return (method == "ceil" ? Math.Ceiling(real * scale) : Math.Floor(real * scale)) / scale;
    }

    // Python keeps an integer that it rounds.
    private static object RoundToEven(object number, double real, int precision)
    {
        if (number is not double && precision >= 0)
            return Numbers.Compute("+", number, 0L);
        double rounded = precision >= 0 && double.IsFinite(real)
            ? double.Parse(Numbers.ToFixed(real, precision), CultureInfo.InvariantCulture)
            : Math.Round(real / Math.Pow(10, -precision), MidpointRounding.ToEven) * Math.Pow(10, -precision);
        return number is double ? (object)rounded : Numbers.Truncate(rounded);
    }

    private static object? FileSize(object? value, Arguments arguments, Budget budget)
    {
        bool binary = arguments.As("binary").Flag("binary", false);
        double bytes = value is string text && Numbers.TryParseFloat(text, out double given) ? given : Numbers.ToDouble(Number(value));
        double unit = binary ? 1024 : 1000;
        if (bytes < unit)
            return bytes == 1 ? "1 Byte" : $"{Math.Truncate(bytes).ToString("F0", CultureInfo.InvariantCulture)} Bytes";
        string[] names = binary ? ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"] : ["kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];
        int power = 0;
        for (double next = unit * unit; bytes >= next && power < names.Length - 1; next *= unit)
        {
            power++;
        }

        return $"{Numbers.ToFixed(bytes / Math.Pow(unit, power + 1), 1)} {names[power]}";
    }

    private static object? Default(object? value, Arguments arguments, Budget budget)
    {
        arguments.As("default_value", "boolean");
        bool isMissing = value is Undefined || (arguments.Flag("boolean", false) && !ValueKinds.IsTrue(value));
        return isMissing ? arguments.Value("default_value", "") : value;
    }

    private static object? ToJson(object? value, Arguments arguments, Budget budget)
    {
        arguments.As("ensure_ascii", "indent", "separators", "sort_keys");
        object? given = arguments.Value("separators", null);
        (string, string)? separators = given is null ? null
            : ValueKinds.Items(given, budget) is [string item, string key] ? (item, key)
            : throw new TemplateException("tojson: 'separators' must be two strings");
        string? indent = arguments.Value("indent", null) switch
        {
            null => null,
            string text => text,
            object width => Numbers.TryInteger(width, out long count) ? Spaces(count, budget) : throw new TemplateException("tojson: 'indent' must be an integer"),
        };
        return new JsonText(arguments.Flag("ensure_ascii", false), indent, separators, arguments.Flag("sort_keys", false), budget).Write(value);
    }

    private static string Spaces(long count, Budget budget)
    {
        budget.SpendText(Math.Max(0, count));
        return new string(' ', (int)Math.Max(0, count));
    }

    private static object Number(object? value) => value is Undefined undefined ? throw undefined.Error()
        : Numbers.IsNumber(value) ? value!
        : throw new TemplateException($"expected a number, not '{ValueKinds.NameOf(value)}'");
}
