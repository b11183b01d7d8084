using System.Globalization;
using System.Text;

namespace RedisInfer.Templates.Values;

/// <summary>Values as JSON, as Python's <c>json.dumps</c> writes them with the settings that chat templates know.</summary>
/// <param name="ensureAscii">Whether other characters than ASCII are escaped.</param>
/// <param name="indent">What each level is indented by; <see langword="null"/>: all in one line.</param>
/// <param name="separators">Between items, and between key and value; <see langword="null"/>: the usual ones.</param>
/// <param name="sortKeys">Whether keys are sorted.</param>
/// <param name="budget">Pays for it.</param>
internal sealed class JsonText(bool ensureAscii, string? indent, (string Item, string Key)? separators, bool sortKeys, Budget budget)
{
    private readonly StringBuilder _result = new();
    private readonly string _item = separators?.Item ?? (indent is null ? ", " : ",");
    private readonly string _key = separators?.Key ?? ": ";

    /// <summary>Writes a value.</summary>
    /// <exception cref="TemplateException">It has a part that JSON cannot express.</exception>
    public string Write(object? value)
    {
        Append(value, 1);
        return _result.ToString();
    }

    private void Append(object? value, int depth)
    {
        budget.Enter();
        switch (value)
        {
            case string text:
                AppendText(text);
                break;
            case List<object?> list:
                AppendAll('[', ']', list, depth, item => Append(item, depth + 1));
                break;
            case TemplateTuple tuple:
                AppendAll('[', ']', tuple.Items, depth, item => Append(item, depth + 1));
                break;
            case TemplateDict dict:
                AppendAll('{', '}', Sorted(dict), depth, item =>
                {
                    AppendText(KeyText(item.Key));
                    _result.Append(_key);
                    Append(item.Value, depth + 1);
                });
                break;
            default:
                _result.Append(Scalar(value));
                break;
        }

        budget.Leave();
    }

    private List<KeyValuePair<object?, object?>> Sorted(TemplateDict dict)
    {
        budget.SpendItems(dict.Count);
        List<KeyValuePair<object?, object?>> items = [.. dict.Items];
        return sortKeys ? [.. items.Order(Comparer<KeyValuePair<object?, object?>>.Create((a, b) => Comparison.Compare("<", a.Key, b.Key, budget)))] : items;
    }

    private static string KeyText(object? key) => key as string ?? (key is TemplateTuple
        ? throw new TemplateException("keys must be str, int, float, bool or None, not tuple")
        : Scalar(key));

    private static string Scalar(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        long number => number.ToString(CultureInfo.InvariantCulture),
        double number when double.IsNaN(number) => "NaN",
        double number when double.IsInfinity(number) => number > 0 ? "Infinity" : "-Infinity",
        double number => Numbers.ToText(number),
        Undefined undefined => throw undefined.Error(),
        _ => throw new TemplateException($"Object of type {ValueKinds.NameOf(value)} is not JSON serializable"),
    };

    private void AppendAll<T>(char open, char close, IReadOnlyList<T> items, int depth, Action<T> append)
    {
        _result.Append(open);
        for (int i = 0; i < items.Count; i++)
        {
            _result.Append(i == 0 ? "" : _item);
            AppendLine(depth);
            append(items[i]);
        }

        if (items.Count > 0)
            AppendLine(depth - 1);
        _result.Append(close);
    }

    private void AppendLine(int depth)
    {
        if (indent is null)
            return;
        budget.SpendText(1 + ((long)indent.Length * depth));
        _result.Append('\n');
        for (int i = 0; i < depth; i++)
        {
            _result.Append(indent);
        }
    }

    private void AppendText(string text)
    {
        budget.SpendText(text.Length);
        _result.Append('"');
        foreach (char c in text)
        {
            _ = c switch
            {
                '"' => _result.Append("\\\""),
                '\\' => _result.Append(@"\\"),
                '\n' => _result.Append(@"\n"),
                '\r' => _result.Append(@"\r"),
                '\t' => _result.Append(@"\t"),
                '\b' => _result.Append(@"\b"),
                '\f' => _result.Append(@"\f"),
                _ when c < ' ' || (ensureAscii && c > '~') => _result.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => _result.Append(c),
            };
        }

        _result.Append('"');
    }
}
