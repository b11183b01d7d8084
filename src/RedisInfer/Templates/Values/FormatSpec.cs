using System.Globalization;
using System.Text;

namespace RedisInfer.Templates.Values;

/// <summary>How one value is written: Python's format specification, such as <c>&gt;8</c>, <c>05d</c> or <c>.2f</c>.</summary>
internal sealed record FormatSpec
{
    private const int MostDecimals = 400;

    /// <summary>What a shorter text is filled with.</summary>
    public char Fill { get; init; } = ' ';

    /// <summary>Where a shorter text is: <c>&lt;</c>, <c>&gt;</c>, <c>^</c> or <c>=</c>; 0: as its type wants.</summary>
    public char Align { get; init; }

    /// <summary>The sign of positive numbers: <c>+</c>, a space, or 0 for none.</summary>
    public char Sign { get; init; }

    /// <summary>Whether other bases have their prefix.</summary>
    public bool Alternate { get; init; }

    /// <summary>Least length.</summary>
    public int Width { get; init; }

    /// <summary>Between groups of three digits; 0 for none.</summary>
    public char Group { get; init; }

    /// <summary>Decimals, or most characters of a string; -1: not given.</summary>
    public int Precision { get; init; } = -1;

    /// <summary>The type's letter; 0: not given.</summary>
    public char Type { get; init; }

    /// <summary>Reads a specification of <c>str.format</c>.</summary>
    public static FormatSpec Parse(string text)
    {
        int at = 0;
        var spec = new FormatSpec();
        if (text.Length > 1 && text[1] is '<' or '>' or '^' or '=')
        {
            spec = spec with { Fill = text[0], Align = text[1] };
            at = 2;
        }
        else if (text.Length > 0 && text[0] is '<' or '>' or '^' or '=')
        {
            spec = spec with { Align = text[at++] };
        }

        if (at < text.Length && text[at] is '+' or '-' or ' ')
            spec = spec with { Sign = text[at++] is var sign && sign == '-' ? '\0' : sign };
        if (at < text.Length && text[at] == '#')
            (spec, at) = (spec with { Alternate = true }, at + 1);
        if (at < text.Length && text[at] == '0')
            (spec, at) = (spec.Align == 0 ? spec with { Fill = '0', Align = '=' } : spec, at + 1);
        spec = spec with { Width = ReadNumber(text, ref at) ?? 0 };
        if (at < text.Length && text[at] is ',' or '_')
            spec = spec with { Group = text[at++] };
        if (at < text.Length && text[at] == '.')
        {
            at++;
            spec = spec with { Precision = ReadNumber(text, ref at) ?? throw Invalid(text) };
        }

        spec = at < text.Length ? spec with { Type = text[at++] } : spec;
        return at == text.Length ? spec : throw Invalid(text);
    }

    /// <summary>Reads digits.</summary>
    public static int? ReadNumber(string text, ref int at)
    {
        int start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        return at == start ? null
            : at - start <= 9 ? int.Parse(text.AsSpan(start, at - start), CultureInfo.InvariantCulture)
            : throw new TemplateException("a width or precision is too large");
    }

    /// <summary>Writes a value.</summary>
    public string Write(object? value, Budget budget)
    {
        budget.SpendText(Math.Max(Width, 0) + (value is string given ? given.Length : 0));
        char type = Type == 0 ? (value is string ? 's' : value is double ? 'r' : Numbers.IsNumber(value) ? 'd' : 's') : Type;
        if (type == 's')
        {
            string text = ValueText.Str(value, budget);
            return Pad(Precision >= 0 && Precision < text.Length ? text[..Precision] : text, "", '<');
        }

        string number = "diboxXcn".Contains(type) && value is not double && type != 'n' || type == 'n' && value is not double
            ? OfInteger(type, value)
            : OfFloat(type, value);
        string sign = number.StartsWith('-') ? "-" : Sign == 0 ? "" : Sign.ToString();
        return Pad(number.TrimStart('-'), sign, '>');
    }

    private string OfInteger(char type, object? value)
    {
        if (!Numbers.TryInteger(value, out long number))
            throw Wrong(type, value);
        if (type == 'c')
            return number is >= 0 and < 0x110000 and not (>= 0xD800 and < 0xE000) ? char.ConvertFromUtf32((int)number) : throw Wrong(type, value);
        string digits = type switch
        {
            'x' => "x",
            'X' => "X",
            'o' => "o",
            'b' => "b",
            _ => "",
        };
        ulong magnitude = number < 0 ? (ulong)-(number + 1) + 1 : (ulong)number;
        string text = digits switch
        {
            "x" or "X" => magnitude.ToString(digits, CultureInfo.InvariantCulture),
            "b" => magnitude.ToString("b", CultureInfo.InvariantCulture),
            "o" => Octal(magnitude),
            _ => Grouped(magnitude.ToString(CultureInfo.InvariantCulture)),
        };
        return (number < 0 ? "-" : "") + (Alternate && digits.Length > 0 ? "0" + digits : "") + text;
    }

    private static string Octal(ulong number)
    {
        var digits = new StringBuilder();
        do
        {
            digits.Insert(0, (char)('0' + (number % 8)));
            number /= 8;
        }
        while (number > 0);
        return digits.ToString();
    }

    private string OfFloat(char type, object? value)
    {
        if (!Numbers.IsNumber(value))
            throw Wrong(type, value);
        double number = Numbers.ToDouble(value!);
        int precision = Precision < 0 ? 6 : Precision <= MostDecimals ? Precision : throw new TemplateException("a precision is too large");
        string text = type switch
        {
            'f' or 'F' => Numbers.ToFixed(number, precision),
            '%' => Numbers.ToFixed(number * 100, precision) + "%",
            'e' or 'E' => Exponential(number, precision, type),
            'g' or 'G' or 'n' => General(number, precision, type),
            'r' => Precision < 0 ? Numbers.ToText(number) : General(number, precision, 'g'),
            _ => throw new TemplateException($"Unknown format code '{type}' for object of type '{ValueKinds.NameOf(value)}'"),
        };
        int end = text.AsSpan().IndexOfAny('.', 'e');
        return Group == 0 || !double.IsFinite(number) ? text : Grouped(end < 0 ? text : text[..end]) + (end < 0 ? "" : text[end..]);
    }

    private static string Exponential(double number, int precision, char type)
    {
        if (!double.IsFinite(number))
            return Numbers.ToText(number);
        string text = number.ToString((type == 'e' ? "e" : "E") + precision.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

        // .NET writes three digits of an exponent at least, Python two.
        int at = text.IndexOf(type) + 2;
        string exponent = text[at..].TrimStart('0').PadLeft(2, '0');
        return text[..at] + exponent;
    }

    private static string General(double number, int precision, char type)
    {
        if (!double.IsFinite(number))
            return Numbers.ToText(number);
        precision = Math.Max(precision, 1);
        string scientific = Exponential(number, precision - 1, 'e');
        int e = scientific.IndexOf('e');
        int exponent = int.Parse(scientific.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (exponent >= -4 && exponent < precision)
            return WithoutZeros(Numbers.ToFixed(number, precision - 1 - exponent));
        string result = WithoutZeros(scientific[..e]) + scientific[e..];
        return type == 'G' ? result.ToUpperInvariant() : result;
    }

    private static string WithoutZeros(string number) => number.Contains('.') ? number.TrimEnd('0').TrimEnd('.') : number;

    private string Grouped(string digits)
    {
        if (Group == 0)
            return digits;
        var result = new StringBuilder(digits);
        for (int at = digits.Length - 3; at > (digits.StartsWith('-') ? 1 : 0); at -= 3)
        {
            result.Insert(at, Group);
        }

        return result.ToString();
    }

    private string Pad(string text, string sign, char usual)
    {
        int missing = Width - sign.Length - CodePoints.Count(text);
        if (missing <= 0)
            return sign + text;
        char align = Align == 0 ? usual : Align;
        int before = align switch { '>' => missing, '^' => missing / 2, _ => 0 };
        return align == '='
            ? sign + new string(Fill, missing) + text
            : new string(Fill, before) + sign + text + new string(Fill, missing - before);
    }

    private static TemplateException Invalid(string text) => new($"Invalid format specifier '{text}'");

    private static TemplateException Wrong(char type, object? value) => new($"format '{type}' does not take '{ValueKinds.NameOf(value)}'");
}
