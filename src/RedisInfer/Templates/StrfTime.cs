using System.Globalization;
using System.Text;

namespace RedisInfer.Templates;

/// <summary>Dates as C's and Python's <c>strftime</c> write them, in English.</summary>
internal static class StrfTime
{
    /// <summary>Writes a date.</summary>
    /// <param name="format">A text with directives such as <c>%Y-%m-%d</c>.</param>
    /// <param name="time">The date.</param>
    public static string Write(string format, DateTimeOffset time)
    {
        var result = new StringBuilder();
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                result.Append(format[i]);
                continue;
            }

            char flag = format[i + 1] is '-' or '_' or '0' or '^' && i + 2 < format.Length ? format[i + 1] : '\0';
            i += flag == 0 ? 1 : 2;
            result.Append(WithFlag(Directive(format[i], time), flag));
        }

        return result.ToString();
    }

    private static string WithFlag(string text, char flag) => flag switch
    {
        '-' => text.TrimStart('0', ' ') is { Length: > 0 } number ? number : "0",
        '_' => text.TrimStart('0') is { Length: > 0 } number ? number.PadLeft(text.Length) : "0".PadLeft(text.Length),
        '^' => text.ToUpperInvariant(),
        _ => text,
    };

    private static string Directive(char directive, DateTimeOffset time) => directive switch
    {
        'a' => Format(time, "ddd"),
        'A' => Format(time, "dddd"),
        'b' or 'h' => Format(time, "MMM"),
        'B' => Format(time, "MMMM"),
        'c' => Format(time, "ddd MMM ") + Directive('e', time) + Format(time, " HH:mm:ss yyyy"),
        'C' => Number(time.Year / 100, 2),
        'd' => Format(time, "dd"),
        'D' or 'x' => Format(time, "MM/dd/yy"),
        'e' => time.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2),
        'f' => Format(time, "ffffff"),
        'F' => Format(time, "yyyy-MM-dd"),
        'g' => Number(ISOWeek.GetYear(time.DateTime) % 100, 2),
        'G' => Number(ISOWeek.GetYear(time.DateTime), 4),
        'H' => Format(time, "HH"),
        'I' => Format(time, "hh"),
        'j' => Number(time.DayOfYear, 3),
        'k' => time.Hour.ToString(CultureInfo.InvariantCulture).PadLeft(2),
        'l' => ((time.Hour + 11) % 12 + 1).ToString(CultureInfo.InvariantCulture).PadLeft(2),
        'm' => Format(time, "MM"),
        'M' => Format(time, "mm"),
        'n' => "\n",
        'p' => Format(time, "tt"),
        'P' => Format(time, "tt").ToLowerInvariant(),
        'r' => Format(time, "hh:mm:ss tt"),
        'R' => Format(time, "HH:mm"),
        's' => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        'S' => Format(time, "ss"),
        't' => "\t",
        'T' or 'X' => Format(time, "HH:mm:ss"),
        'u' => Number(((int)time.DayOfWeek + 6) % 7 + 1, 1),
        'U' => Number((time.DayOfYear + 6 - (int)time.DayOfWeek) / 7, 2),
        'V' => Number(ISOWeek.GetWeekOfYear(time.DateTime), 2),
        'w' => Number((int)time.DayOfWeek, 1),
        'W' => Number((time.DayOfYear + 6 - (((int)time.DayOfWeek + 6) % 7)) / 7, 2),
        'y' => Format(time, "yy"),
        'Y' => Number(time.Year, 4),

        // The reference's dates have no zone.
        'z' or 'Z' => "",
        '%' => "%",
        _ => "%" + directive,
    };

    private static string Format(DateTimeOffset time, string format) => time.ToString(format, CultureInfo.InvariantCulture);

    private static string Number(int number, int digits) => number.ToString("D" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
