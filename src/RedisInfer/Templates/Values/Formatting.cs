using System.Globalization;
using System.Text;

namespace RedisInfer.Templates.Values;

/// <summary>Python's two ways to put values into a text: the operator <c>%</c> and the method <c>format</c>.</summary>
internal static class Formatting
{
    /// <summary>Puts values into a text such as <c>%s: %05d</c>.</summary>
    /// <param name="format">The text.</param>
    /// <param name="values">A tuple, a dictionary, or one value.</param>
    /// <param name="budget">Pays for it.</param>
    public static string Percent(string format, object? values, Budget budget)
    {
        IReadOnlyList<object?> items = values is TemplateTuple tuple ? tuple.Items : [values];
        int next = 0;
        budget.SpendText(format.Length);
        var result = new StringBuilder();
        for (int at = 0; at < format.Length;)
        {
            if (format[at] != '%')
            {
                result.Append(format[at++]);
                continue;
            }

            at++;
            if (at < format.Length && format[at] == '%')
            {
                result.Append(format[at++]);
                continue;
            }

            string? key = ReadKey(format, ref at);
            FormatSpec spec = ReadPercent(format, ref at, Next);
            object? value = key is null ? Next() : Subscript.TryGet(values, key, budget, out object? found) ? found : throw new TemplateException($"KeyError: '{key}'");
            result.Append(WritePercent(spec, value, budget));
        }

        if (next < items.Count && values is TemplateTuple)
            throw new TemplateException("not all arguments converted during string formatting");
        return result.ToString();

        object? Next() => next < items.Count ? items[next++] : throw new TemplateException("not enough arguments for format string");
    }

    /// <summary>Puts values into a text such as <c>{0}: {name:&gt;8}</c>.</summary>
    public static string Braces(string format, Arguments arguments, Budget budget)
    {
        int next = 0;
        return Braces(format, budget, name =>
        {
            int end = name.IndexOfAny(['.', '[']);
            string first = end < 0 ? name : name[..end];
            object? value = first.Length == 0 ? At(next++)
                : int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out int position) ? At(position)
                : arguments.Named.TryGetValue(first, out object? named) ? named : throw new TemplateException($"KeyError: '{first}'");
            return end < 0 ? value : Follow(value, name[end..], budget);
        });

        object? At(int position) => position < arguments.Positional.Count
            ? arguments.Positional[position]
            : throw new TemplateException($"Replacement index {position} out of range for positional args tuple");
    }

    private static string Braces(string format, Budget budget, Func<string, object?> find)
    {
        budget.Enter();
        budget.SpendText(format.Length);
        var result = new StringBuilder();
        for (int at = 0; at < format.Length; at++)
        {
            char c = format[at];
            bool doubled = at + 1 < format.Length && format[at + 1] == c;
            if (c is '{' or '}' && doubled)
            {
                at++;
                result.Append(c);
            }
            else if (c == '{')
            {
                int end = EndOfField(format, at);
                result.Append(Field(format[(at + 1)..end], budget, find));
                at = end;
            }
            else
            {
                result.Append(c != '}' ? c : throw new TemplateException("Single '}' encountered in format string"));
            }
        }

        budget.Leave();
        return result.ToString();
    }

    private static int EndOfField(string format, int start)
    {
        int depth = 0;
        for (int at = start; at < format.Length; at++)
        {
            depth += format[at] == '{' ? 1 : format[at] == '}' ? -1 : 0;
            if (depth == 0)
                return at;
        }

        throw new TemplateException("expected '}' before end of string");
    }

    private static string Field(string field, Budget budget, Func<string, object?> find)
    {
        int colon = field.IndexOf(':');
        string name = colon < 0 ? field : field[..colon];
        string spec = colon < 0 ? "" : Braces(field[(colon + 1)..], budget, find);
        int mark = name.IndexOf('!');
        object? value = find(mark < 0 ? name : name[..mark]);
        value = mark < 0 ? value : name[(mark + 1)..] switch
        {
            "r" or "a" => ValueText.Repr(value, budget),
            "s" => ValueText.Str(value, budget),
            string other => throw new TemplateException($"Unknown conversion specifier '{other}'"),
        };
        return FormatSpec.Parse(spec).Write(spec.Length == 0 ? ValueText.Str(value, budget) : value, budget);
    }

    // The attributes and items after a name, as in {0.name[key]}. Attributes exist only as keys here.
    private static object? Follow(object? value, string path, Budget budget)
    {
        foreach (string part in path.Split(['.', '['], StringSplitOptions.RemoveEmptyEntries))
        {
            string key = part.TrimEnd(']');
            object index = int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int position) ? (long)position : key;
            value = Subscript.TryGet(value, index, budget, out object? item) ? item : throw new TemplateException($"KeyError: '{key}'");
        }

        return value;
    }

    private static string? ReadKey(string format, ref int at)
    {
        if (at >= format.Length || format[at] != '(')
            return null;
        int end = format.IndexOf(')', at);
        if (end < 0)
            throw new TemplateException("incomplete format key");
        string key = format[(at + 1)..end];
        at = end + 1;
        return key;
    }

    private static FormatSpec ReadPercent(string format, ref int at, Func<object?> next)
    {
        var spec = new FormatSpec();
        for (; at < format.Length && "-+ #0".Contains(format[at]); at++)
        {
            spec = format[at] switch
            {
                '-' => spec with { Align = '<', Fill = ' ' },
                '+' => spec with { Sign = '+' },
                ' ' => spec.Sign == '+' ? spec : spec with { Sign = ' ' },
                '#' => spec with { Alternate = true },
                _ => spec.Align == '<' ? spec : spec with { Align = '=', Fill = '0' },
            };
        }

        spec = spec with { Width = ReadNumber(format, ref at, next) ?? 0 };
        if (at < format.Length && format[at] == '.')
        {
            at++;
            spec = spec with { Precision = ReadNumber(format, ref at, next) ?? 0 };
        }

        return at < format.Length ? spec with { Type = format[at++] } : throw new TemplateException("incomplete format");
    }

    private static int? ReadNumber(string format, ref int at, Func<object?> next)
    {
        if (at >= format.Length || format[at] != '*')
            return FormatSpec.ReadNumber(format, ref at);
        at++;
        return Numbers.TryInteger(next(), out long number) && number is >= 0 and < 1_000_000_000 ? (int)number : throw new TemplateException("* wants int");
    }

    private static string WritePercent(FormatSpec spec, object? value, Budget budget)
    {
        char align = spec.Align == 0 ? '>' : spec.Align;
        switch (spec.Type)
        {
            case 's' or 'r' or 'a':
                string text = spec.Type == 's' ? ValueText.Str(value, budget) : ValueText.Repr(value, budget);
                return (spec with { Type = 's', Align = align == '=' ? '>' : align, Fill = ' ' }).Write(text, budget);
            case 'd' or 'i' or 'u':
                object number = value is double real ? Numbers.Truncate(real) : value!;
                return (spec with { Type = 'd', Align = align }).Write(number, budget);
            case 'x' or 'X' or 'o' or 'e' or 'E' or 'f' or 'F' or 'g' or 'G':
                return (spec with { Align = align }).Write(value, budget);
            case 'c':
                return value is string one && CodePoints.Count(one) == 1
                    ? (spec with { Type = 's', Align = align }).Write(one, budget)
                    : (spec with { Align = align }).Write(value, budget);
            default:
                throw new TemplateException($"unsupported format character '{spec.Type}'");
        }
    }
}
