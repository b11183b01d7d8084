using System.Text;
using RedisInfer.Templates.Values;

namespace RedisInfer.Templates;

/// <summary>The methods of strings.</summary>
internal static class TextMethods
{
    /// <summary>The methods by name.</summary>
    public static Dictionary<string, Func<string, Arguments, Budget, object?>> All { get; } = new(StringComparer.Ordinal)
    {
        ["upper"] = Plain(CodePoints.ToUpper),
        ["lower"] = Plain(text => text.ToLowerInvariant()),
        ["casefold"] = Plain(text => text.ToLowerInvariant().Replace("ß", "ss", StringComparison.Ordinal)),
        ["capitalize"] = Plain(CodePoints.ToCapitalized),
        ["title"] = Plain(text => CodePoints.ToTitle(text, before => !char.IsLetter(before))),
        ["swapcase"] = Plain(text => string.Concat(text.Select(c => char.IsUpper(c) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c)))),
        ["isalpha"] = AreAll(char.IsLetter),
        ["isalnum"] = AreAll(char.IsLetterOrDigit),
        ["isdigit"] = AreAll(char.IsDigit),
        ["isdecimal"] = AreAll(char.IsDigit),
        ["isnumeric"] = AreAll(char.IsNumber),
        ["isspace"] = AreAll(CodePoints.IsSpace),
        ["isascii"] = (text, arguments, _) => text.All(char.IsAscii) && arguments.As() is not null,
        ["isupper"] = (text, arguments, budget) => Tests.Apply("upper", text, arguments.As(), budget),
        ["islower"] = (text, arguments, budget) => Tests.Apply("lower", text, arguments.As(), budget),
        ["isidentifier"] = (text, arguments, _) => arguments.As() is not null && text.Length > 0 && !char.IsDigit(text[0]) && text.All(c => c == '_' || char.IsLetterOrDigit(c)),
        ["istitle"] = (text, arguments, _) => arguments.As() is not null && text.Any(char.IsLetter) && text == CodePoints.ToTitle(text, before => !char.IsLetter(before)),
        ["strip"] = (text, arguments, budget) => Strip(text, arguments, budget, start: true, end: true),
        ["lstrip"] = (text, arguments, budget) => Strip(text, arguments, budget, start: true, end: false),
        ["rstrip"] = (text, arguments, budget) => Strip(text, arguments, budget, start: false, end: true),
        ["startswith"] = (text, arguments, budget) => Affixes(arguments, budget).Any(part => Part(text, arguments)?.StartsWith(part, StringComparison.Ordinal) == true),
        ["endswith"] = (text, arguments, budget) => Affixes(arguments, budget).Any(part => Part(text, arguments)?.EndsWith(part, StringComparison.Ordinal) == true),
        ["removeprefix"] = (text, arguments, _) => text.StartsWith(arguments.As("prefix").Text("prefix"), StringComparison.Ordinal) ? text[arguments.Text("prefix").Length..] : text,
        ["removesuffix"] = (text, arguments, _) => text.EndsWith(arguments.As("suffix").Text("suffix"), StringComparison.Ordinal) ? text[..^arguments.Text("suffix").Length] : text,
        ["find"] = (text, arguments, budget) => Find(text, arguments, budget, last: false),
        ["rfind"] = (text, arguments, budget) => Find(text, arguments, budget, last: true),
        ["index"] = (text, arguments, budget) => Find(text, arguments, budget, last: false) is >= 0 and var index ? index : throw NotFound(),
        ["rindex"] = (text, arguments, budget) => Find(text, arguments, budget, last: true) is >= 0 and var index ? index : throw NotFound(),
        ["count"] = Count,
        ["replace"] = (text, arguments, budget) => Replace(
            text, arguments.As("old", "new", "count").Text("old"), arguments.Text("new"), arguments.Integer("count", -1), budget),
        ["split"] = (text, arguments, budget) => Split(text, arguments, budget, fromEnd: false),
        ["rsplit"] = (text, arguments, budget) => Split(text, arguments, budget, fromEnd: true),
        ["splitlines"] = SplitLines,
        ["partition"] = (text, arguments, budget) => Partition(text, arguments, budget, last: false),
        ["rpartition"] = (text, arguments, budget) => Partition(text, arguments, budget, last: true),
        ["join"] = (text, arguments, budget) => Join(
            text,
            ValueKinds.Items(arguments.As("iterable").Required("iterable"), budget),
            item => item as string ?? throw new TemplateException($"sequence item: expected str instance, {ValueKinds.NameOf(item)} found"),
            budget),
        ["format"] = (text, arguments, budget) => Formatting.Braces(text, arguments, budget),
        ["center"] = (text, arguments, budget) => Pad(text, arguments, budget, '^'),
        ["ljust"] = (text, arguments, budget) => Pad(text, arguments, budget, '<'),
        ["rjust"] = (text, arguments, budget) => Pad(text, arguments, budget, '>'),
        ["zfill"] = FillWithZeros,
        ["expandtabs"] = ExpandTabs,
    };

    /// <summary>Replaces parts of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="old">The part; empty: the places between characters.</param>
    /// <param name="new">What comes instead.</param>
    /// <param name="count">Most replacements; negative: all.</param>
    /// <param name="budget">Pays for it.</param>
    public static string Replace(string text, string old, string @new, long count, Budget budget)
    {
        budget.SpendSearch(text, old);
        if (old.Length == 0)
            return Intersperse(text, @new, count, budget);
        var result = new StringBuilder();
        int at = 0;
        for (int found; count != 0 && (found = text.IndexOf(old, at, StringComparison.Ordinal)) >= 0; count--)
        {
            budget.SpendText(@new.Length);
            result.Append(text, at, found - at).Append(@new);
            at = found + old.Length;
        }

        return at == 0 ? text : result.Append(text, at, text.Length - at).ToString();
    }

    /// <summary>Fills a text up to a width.</summary>
    /// <param name="text">The text.</param>
    /// <param name="width">The width.</param>
    /// <param name="fill">What it is filled with.</param>
    /// <param name="align">Where the text is: <c>&lt;</c>, <c>&gt;</c> or <c>^</c>.</param>
    /// <param name="budget">Pays for it.</param>
    public static string Pad(string text, long width, char fill, char align, Budget budget)
    {
        long missing = width - CodePoints.Count(text);
        if (missing <= 0)
            return text;
        budget.SpendText(width);

        // Python puts the odd one on the left if the width is odd.
        long before = align switch { '>' => missing, '^' => (missing / 2) + (missing & width & 1), _ => 0 };
        return new string(fill, (int)before) + text + new string(fill, (int)(missing - before));
    }

    /// <summary>Joins items with a separator.</summary>
    public static string Join(string separator, IEnumerable<object?> items, Func<object?, string> toText, Budget budget)
    {
        var result = new StringBuilder();
        bool isFirst = true;
        foreach (object? item in items)
        {
            string text = toText(item);
            budget.SpendText(text.Length + (long)separator.Length);
            result.Append(isFirst ? "" : separator).Append(text);
            isFirst = false;
        }

        return result.ToString();
    }

    private static Func<string, Arguments, Budget, object?> Plain(Func<string, string> change) => (text, arguments, budget) =>
    {
        arguments.As();
        return change(text);
    };

    private static Func<string, Arguments, Budget, object?> AreAll(Func<char, bool> isOfKind) =>
        (text, arguments, _) => arguments.As() is not null && text.Length > 0 && text.All(isOfKind);

    private static string Intersperse(string text, string part, long count, Budget budget)
    {
        object?[] characters = CodePoints.Split(text);
        budget.SpendText(part.Length * (characters.Length + 1L));
        var result = new StringBuilder();
        for (int i = 0; i <= characters.Length; i++)
        {
            result.Append(count < 0 || i < count ? part : "").Append(i < characters.Length ? (string?)characters[i] : "");
        }

        return result.ToString();
    }

    private static string Strip(string text, Arguments arguments, Budget budget, bool start, bool end)
    {
        if (arguments.As("chars").Value("chars", null) is string chars)
            budget.SpendSearch(text, chars);
        return CodePoints.Strip(text, arguments.As("chars").Value("chars", null) is null ? null : arguments.Text("chars"), start, end);
    }

    private static IEnumerable<string> Affixes(Arguments arguments, Budget budget)
    {
        object? value = arguments.As("prefix", "start", "end").Required("prefix");
        return value is string text ? [text]
            : value is TemplateTuple ? ValueKinds.Items(value, budget).Select(item => item as string ?? throw Wrong(item))
            : throw Wrong(value);

        TemplateException Wrong(object? item) => new($"{arguments.Function} first arg must be str or a tuple of str, not {ValueKinds.NameOf(item)}");
    }

    // The part between the arguments start and end, which count code points, also from the end. Null if there is no such part.
    private static string? Part(string text, Arguments arguments)
    {
        if (!arguments.Has("start"))
            return text;
        (int start, int end) = Range(text, arguments);
        return start > end ? null : text[start..end];
    }

    private static (int Start, int End) Range(string text, Arguments arguments)
    {
        int count = CodePoints.Count(text);
        bool isPastEnd = arguments.Value("start", null) is not null && arguments.Integer("start") > count;
        return isPastEnd ? (1, 0) : (At("start", 0), At("end", count));

        int At(string name, long otherwise)
        {
            long index = arguments.Value(name, null) is null ? otherwise : arguments.Integer(name);
            return CodePoints.ToUtf16(text, (int)Math.Clamp(index < 0 ? index + count : index, 0, count));
        }
    }

    private static long Find(string text, Arguments arguments, Budget budget, bool last)
    {
        string part = arguments.As("sub", "start", "end").Text("sub");
        budget.SpendSearch(text, part);
        (int start, int end) = Range(text, arguments);
        if (start > end)
            return -1;
        string among = text[start..end];
        int found = last ? among.LastIndexOf(part, StringComparison.Ordinal) : among.IndexOf(part, StringComparison.Ordinal);
        return found < 0 ? -1 : CodePoints.FromUtf16(text, start + found);
    }

    private static TemplateException NotFound() => new("substring not found");

    private static object? Count(string text, Arguments arguments, Budget budget)
    {
        string part = arguments.As("sub", "start", "end").Text("sub");
        budget.SpendSearch(text, part);
        (int start, int end) = Range(text, arguments);
        if (start > end)
            return 0L;
        string among = text[start..end];
        if (part.Length == 0)
            return CodePoints.Count(among) + 1L;
        long count = 0;
        for (int at = 0; (at = among.IndexOf(part, at, StringComparison.Ordinal)) >= 0; at += part.Length)
        {
            count++;
        }

        return count;
    }

    private static List<object?> Split(string text, Arguments arguments, Budget budget, bool fromEnd)
    {
        arguments.As("sep", "maxsplit");
        long most = arguments.Integer("maxsplit", -1);
        most = most < 0 ? long.MaxValue : most;
        if (arguments.Value("sep", null) is null)
            return SplitAtSpace(text, most, budget, fromEnd);
        string separator = arguments.Text("sep");
        if (separator.Length == 0)
            throw new TemplateException("empty separator");
        budget.SpendSearch(text, separator);
        List<object?> parts = [.. text.Split(separator)];
        budget.SpendItems(parts.Count);
        if (parts.Count - 1 <= most)
            return parts;
        int kept = (int)most;
        return fromEnd
            ? [string.Join(separator, parts.Take(parts.Count - kept)), .. parts.Skip(parts.Count - kept)]
            : [.. parts.Take(kept), string.Join(separator, parts.Skip(kept))];
    }

    private static List<object?> SplitAtSpace(string text, long most, Budget budget, bool fromEnd)
    {
        var words = new List<object?>();
        string rest = CodePoints.Strip(text, null, start: !fromEnd, end: fromEnd);
        while (rest.Length > 0)
        {
            budget.SpendItems(1);
            int end = words.Count >= most ? -1 : fromEnd ? Array.FindLastIndex(rest.ToCharArray(), CodePoints.IsSpace) : Array.FindIndex(rest.ToCharArray(), CodePoints.IsSpace);
            budget.SpendText(rest.Length);
            if (end < 0)
            {
                words.Add(CodePoints.Strip(rest, null, start: fromEnd && words.Count < most, end: !fromEnd && words.Count < most));
                break;
            }

            words.Add(fromEnd ? rest[(end + 1)..] : rest[..end]);
            rest = CodePoints.Strip(fromEnd ? rest[..end] : rest[end..], null, start: !fromEnd, end: fromEnd);
        }

        if (fromEnd)
            words.Reverse();
        return words;
    }

    private static object? SplitLines(string text, Arguments arguments, Budget budget)
    {
        bool keep = arguments.As("keepends").Flag("keepends", false);
        var lines = new List<object?>();
        for (int at = 0; at < text.Length;)
        {
            int end = text.AsSpan(at).IndexOfAny("\n\r\v\f\u001c\u001d\u001e\u0085\u2028\u2029");
            int stop = end < 0 ? text.Length : at + end;
            int next = stop < text.Length && text[stop] == '\r' && stop + 1 < text.Length && text[stop + 1] == '\n' ? stop + 2 : Math.Min(stop + 1, text.Length);
            budget.SpendItems(1);
            lines.Add(text[at..(keep ? next : stop)]);
            at = next;
        }

        return lines;
    }

    private static TemplateTuple Partition(string text, Arguments arguments, Budget budget, bool last)
    {
        string separator = arguments.As("sep").Text("sep");
        budget.SpendSearch(text, separator);
        if (separator.Length == 0)
            throw new TemplateException("empty separator");
        int at = last ? text.LastIndexOf(separator, StringComparison.Ordinal) : text.IndexOf(separator, StringComparison.Ordinal);
        return at >= 0 ? new TemplateTuple(text[..at], separator, text[(at + separator.Length)..])
            : last ? new TemplateTuple("", "", text)
            : new TemplateTuple(text, "", "");
    }

    private static string Pad(string text, Arguments arguments, Budget budget, char align)
    {
        string fill = arguments.As("width", "fillchar").Text("fillchar", " ");
        return fill.Length == 1
            ? Pad(text, arguments.Integer("width"), fill[0], align, budget)
            : throw new TemplateException("The fill character must be exactly one character long");
    }

    private static object? FillWithZeros(string text, Arguments arguments, Budget budget)
    {
        int sign = text.StartsWith('-') || text.StartsWith('+') ? 1 : 0;
        return text[..sign] + Pad(text[sign..], arguments.As("width").Integer("width") - sign, '0', '>', budget);
    }

    private static object? ExpandTabs(string text, Arguments arguments, Budget budget)
    {
        int size = (int)Math.Clamp(arguments.As("tabsize").Integer("tabsize", 8), 0, 1000);
        var result = new StringBuilder();
        int column = 0;
        foreach (char c in text)
        {
            int width = c != '\t' ? 1 : size == 0 ? 0 : size - (column % size);
            budget.SpendText(width);
            _ = c == '\t' ? result.Append(' ', width) : result.Append(c);
            column = c is '\n' or '\r' ? 0 : column + width;
        }

        return result.ToString();
    }
}
