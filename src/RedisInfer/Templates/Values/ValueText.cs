using System.Globalization;
using System.Text;

namespace RedisInfer.Templates.Values;

/// <summary>Values as text, as Python's <c>str</c> and <c>repr</c> write them.</summary>
internal static class ValueText
{
    /// <summary>A value as it is printed.</summary>
    public static string Str(object? value, Budget budget) => value switch
    {
        string text => text,
        Undefined => "",
        _ => Repr(value, budget),
    };

    /// <summary>A value as it is written in a program.</summary>
    public static string Repr(object? value, Budget budget)
    {
        var result = new StringBuilder();
        Append(result, value, budget);
        return result.ToString();
    }

    private static void Append(StringBuilder result, object? value, Budget budget)
    {
        budget.Enter();
        switch (value)
        {
            case List<object?> list:
                AppendAll(result.Append('['), list, budget).Append(']');
                break;
            case TemplateTuple tuple:
                AppendAll(result.Append('('), tuple.Items, budget).Append(tuple.Items.Count == 1 ? ",)" : ")");
                break;
            case TemplateDict dict:
                Append(result, dict, budget);
                break;
            case string text:
                budget.SpendText(text.Length);
                Append(result, text);
                break;
            default:
                result.Append(Scalar(value));
                break;
        }

        budget.Leave();
    }

    private static string Scalar(object? value) => value switch
    {
        null => "None",
        bool flag => flag ? "True" : "False",
        long number => number.ToString(CultureInfo.InvariantCulture),
        double number => Numbers.ToText(number),
        Undefined => "Undefined",
        _ => $"<{ValueKinds.NameOf(value)} object>",
    };

    private static StringBuilder AppendAll(StringBuilder result, IReadOnlyList<object?> items, Budget budget)
    {
        for (int i = 0; i < items.Count; i++)
        {
            Append(i == 0 ? result : result.Append(", "), items[i], budget);
        }

        return result;
    }

    private static void Append(StringBuilder result, TemplateDict dict, Budget budget)
    {
        result.Append('{');
        string separator = "";
        foreach ((object? key, object? value) in dict.Items)
        {
            Append(result.Append(separator), key, budget);
            Append(result.Append(": "), value, budget);
            separator = ", ";
        }

        result.Append('}');
    }

    private static void Append(StringBuilder result, string text)
    {
        char quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
        result.Append(quote);
        foreach (Rune rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '\\' => result.Append(@"\\"),
                '\n' => result.Append(@"\n"),
                '\r' => result.Append(@"\r"),
                '\t' => result.Append(@"\t"),
                _ when rune.Value == quote => result.Append('\\').Append(quote),
                _ when IsPrintable(rune) => result.Append(rune.ToString()),
                <= 0xff => result.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"),
                <= 0xffff => result.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
                _ => result.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}"),
            };
        }

        result.Append(quote);
    }

    private static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.SpaceSeparator);
}
