using System.Globalization;
using System.Text;
using RedisInfer.Templates.Values;

namespace RedisInfer.Templates.Syntax;

/// <summary>Reads a string with Python's escapes.</summary>
internal static class StringLiteral
{
    /// <summary>Reads a string that begins with its quote.</summary>
    /// <param name="source">The template.</param>
    /// <param name="at">Index of the quote; then one past the closing quote.</param>
    /// <param name="notClosed">The error if there is no closing quote.</param>
    public static string Read(string source, ref int at, Func<TemplateException> notClosed)
    {
        char quote = source[at++];
        var text = new StringBuilder();
        while (at < source.Length && source[at] != quote)
        {
            if (source[at] == '\\' && at + 1 < source.Length)
                ReadEscape(source, ref at, text);
            else
                text.Append(source[at++]);
        }

        if (at >= source.Length)
            throw notClosed();
        at++;
        return text.ToString();
    }

    private static void ReadEscape(string source, ref int at, StringBuilder text)
    {
        char kind = source[at + 1];
        at += 2;
        int digits = kind switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits > 0 && at + digits <= source.Length
            && uint.TryParse(source.AsSpan(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint code)
            && code < 0x110000)
        {
            at += digits;
            _ = code < 0x10000 ? text.Append((char)code) : text.Append(char.ConvertFromUtf32((int)code));
            return;
        }

        if (kind is >= '0' and <= '7')
        {
            int value = kind - '0';
            for (int i = 0; i < 2 && at < source.Length && source[at] is >= '0' and <= '7'; i++)
            {
                value = (value * 8) + source[at++] - '0';
            }

            text.Append((char)value);
            return;
        }

        _ = kind switch
        {
            '\n' => text,
            '\\' or '\'' or '"' => text.Append(kind),
            'n' => text.Append('\n'),
            't' => text.Append('\t'),
            'r' => text.Append('\r'),
            'a' => text.Append('\a'),
            'b' => text.Append('\b'),
            'f' => text.Append('\f'),
            'v' => text.Append('\v'),
            _ => text.Append('\\').Append(kind),
        };
    }
}
