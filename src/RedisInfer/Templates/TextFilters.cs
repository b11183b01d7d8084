using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using RedisInfer.Templates.Values;

namespace RedisInfer.Templates;

/// <summary>Filters for strings. What is no string is printed first, as in Jinja.</summary>
internal static partial class TextFilters
{
    /// <summary>The filters by name.</summary>
    public static Dictionary<string, Func<object?, Arguments, Budget, object?>> All { get; } = new(StringComparer.Ordinal)
    {
        ["upper"] = Plain(CodePoints.ToUpper),
        ["lower"] = Plain(text => text.ToLowerInvariant()),
        ["capitalize"] = Plain(CodePoints.ToCapitalized),
        ["title"] = Plain(text => CodePoints.ToTitle(text, before => CodePoints.IsSpace(before) || "-({[<".Contains(before))),
        ["string"] = Plain(text => text),
        ["safe"] = Plain(text => text),
        ["escape"] = Plain(Escape),
        ["e"] = Plain(Escape),
        ["forceescape"] = Plain(Escape),
        ["striptags"] = Plain(text => Spaces().Replace(WebUtility.HtmlDecode(Tag().Replace(text, "")), " ").Trim()),
        ["wordcount"] = (value, arguments, budget) => (long)Word().Count(Text(value, arguments.As(), budget)),
        ["trim"] = (value, arguments, budget) => CodePoints.Strip(
            Text(value, arguments.As("chars"), budget), arguments.Value("chars", null) as string, start: true, end: true),
        ["center"] = Center,
        ["format"] = (value, arguments, budget) => Formatting.Percent(
            Text(value, arguments, budget),
            arguments.Named.Count > 0 ? ToDict(arguments, budget) : new TemplateTuple([.. arguments.Positional]),
            budget),
        ["indent"] = Indent,
        ["replace"] = Replace,
        ["truncate"] = Truncate,
        ["urlencode"] = (value, arguments, budget) => Encode(value, arguments.As(), budget),
        ["xmlattr"] = XmlAttributes,
    };

    private static Func<object?, Arguments, Budget, object?> Plain(Func<string, string> change) =>
        (value, arguments, budget) => change(Text(value, arguments.As(), budget));

    private static string Text(object? value, Arguments arguments, Budget budget)
    {
        string text = ValueText.Str(value, budget);
        budget.SpendText(arguments.Positional.Count + (long)text.Length);
        return text;
    }

    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("'", "&#39;", StringComparison.Ordinal)
        .Replace("\"", "&#34;", StringComparison.Ordinal);

    private static TemplateDict ToDict(Arguments arguments, Budget budget)
    {
        if (arguments.Positional.Count > 0)
            throw new TemplateException("can't handle positional and keyword arguments at the same time");
        var dict = new TemplateDict();
        foreach ((string name, object? value) in arguments.Named)
        {
            dict.Set(name, value, budget);
        }

        return dict;
    }

    private static object? Center(object? value, Arguments arguments, Budget budget) =>
        TextMethods.Pad(Text(value, arguments.As("width"), budget), arguments.Integer("width", 80), ' ', '^', budget);

    private static object? Indent(object? value, Arguments arguments, Budget budget)
    {
        string text = Text(value, arguments.As("width", "first", "blank"), budget);
        object? width = arguments.Value("width", 4L);
        string indent = width as string ?? TextMethods.Pad("", Numbers.TryInteger(width, out long count) ? count : 0, ' ', '<', budget);
        bool first = arguments.Flag("first", false), blank = arguments.Flag("blank", false);
        string[] lines = (text + "\n").Split('\n')[..^1];
        budget.SpendText(lines.Length * (long)indent.Length);

        // Jinja adds a line break to the text so that its last line counts. So a break at the end stays.
        IEnumerable<string> indented = lines.Select((line, i) => i == 0 ? (first ? indent + line : line) : line.Length > 0 || blank ? indent + line : line);
        return string.Join('\n', indented);
    }

    private static object? Replace(object? value, Arguments arguments, Budget budget)
    {
        string text = Text(value, arguments.As("old", "new", "count"), budget);
        long count = arguments.Value("count", null) is null ? -1 : arguments.Integer("count");
        return TextMethods.Replace(
            text, ValueText.Str(arguments.Required("old"), budget), ValueText.Str(arguments.Required("new"), budget), count, budget);
    }

    private static object? Truncate(object? value, Arguments arguments, Budget budget)
    {
        string text = Text(value, arguments.As("length", "killwords", "end", "leeway"), budget);
        long length = arguments.Integer("length", 255);
        string end = arguments.Text("end", "...");
        long leeway = arguments.Value("leeway", null) is null ? 5 : arguments.Integer("leeway");
        if (length < CodePoints.Count(end) || leeway < 0)
            throw new TemplateException($"truncate: 'length' must be at least {CodePoints.Count(end)}, and 'leeway' at least 0");
        int count = CodePoints.Count(text);
        if (count - length <= leeway)
            return text;
        string cut = text[..CodePoints.ToUtf16(text, (int)length - CodePoints.Count(end))];
        int space = cut.LastIndexOf(' ');
        return (arguments.Flag("killwords", false) || space < 0 ? cut : cut[..space]) + end;
    }

    private static string Encode(object? value, Arguments arguments, Budget budget)
    {
        if (value is string or not (TemplateDict or List<object?> or TemplateTuple))
            return UrlText(Text(value, arguments, budget), isPath: true);
        IEnumerable<(object? Key, object? Value)> pairs = value is TemplateDict dict
            ? dict.Items.Select(item => (item.Key, item.Value))
            : ValueKinds.Items(value, budget).Select(item => ValueKinds.Items(item, budget) is [var key, var other] ? (key, other) : throw new TemplateException("urlencode needs pairs"));
        return string.Join('&', pairs.Select(pair =>
            UrlText(ValueText.Str(pair.Key, budget), isPath: false) + "=" + UrlText(ValueText.Str(pair.Value, budget), isPath: false)));
    }

    private static string UrlText(string text, bool isPath)
    {
        var result = new StringBuilder();
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            bool isPlain = char.IsAsciiLetterOrDigit((char)b) || "_.-~".Contains((char)b) || (isPath && b == '/');
            _ = isPlain ? result.Append((char)b)
                : b == ' ' && !isPath ? result.Append('+')
                : result.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        }

        return result.ToString();
    }

    private static object? XmlAttributes(object? value, Arguments arguments, Budget budget)
    {
        bool space = arguments.As("autospace").Flag("autospace", true);
        if (value is not TemplateDict dict)
            throw new TemplateException("xmlattr needs a mapping");
        string text = string.Join(' ', dict.Items.Where(item => item.Value is not (null or Undefined)).Select(item =>
            $"{Escape(ValueText.Str(item.Key, budget))}=\"{Escape(ValueText.Str(item.Value, budget))}\""));
        return space && text.Length > 0 ? " " + text : text;
    }

    [GeneratedRegex("(<!--.*?-->|<[^>]*>)", RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Tag();

    [GeneratedRegex(@"\s+", RegexOptions.NonBacktracking)]
    private static partial Regex Spaces();

    [GeneratedRegex(@"\w+", RegexOptions.NonBacktracking)]
    private static partial Regex Word();
}
