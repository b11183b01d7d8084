using System.Globalization;
using System.Text;

namespace RedisInfer.Documents.Office;

/// <summary>Values of cells as Excel shows them, as far as they mean something else than they say: texts, truth values and dates.</summary>
internal sealed class CellValues
{
    private const double SecondsOfDay = 86400;
    private const int LastDay = 2958465;

    private readonly List<string> _strings;
    private readonly List<bool> _isDate = [];
    private readonly DateTime _dayZero;

    /// <summary>Reads the formats of a workbook.</summary>
    /// <param name="strings">The shared strings.</param>
    /// <param name="styles">The styles.</param>
    /// <param name="since1904">Whether days are counted from 1904, as on old Macs.</param>
    public CellValues(List<string> strings, XmlPart? styles, bool since1904)
    {
        _strings = strings;
        _dayZero = since1904 ? new DateTime(1904, 1, 1) : new DateTime(1899, 12, 30);
        Dictionary<string, string> codes = new(StringComparer.Ordinal);
        bool isCellFormat = false;
        while (styles?.Read() == true)
        {
            if (styles.IsStart("numFmt"))
                codes[styles.Attribute("numFmtId") ?? ""] = styles.Attribute("formatCode") ?? "";
            else if (styles.IsStart("cellXfs") || styles.IsEnd("cellXfs"))
                isCellFormat = styles.IsStart("cellXfs") && !styles.IsEmpty;
            else if (isCellFormat && styles.IsStart("xf"))
                _isDate.Add(IsDate(styles.Attribute("numFmtId"), codes));
        }
    }

    /// <summary>The text of a cell.</summary>
    /// <param name="value">The stored value.</param>
    /// <param name="type">The stored type.</param>
    /// <param name="style">Number of the cell's format.</param>
    public string TextOf(string value, string type, string? style) => type switch
    {
        "s" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < _strings.Count
            ? _strings[index] : "",
        "b" => value == "1" ? "TRUE" : "FALSE",
        "n" => NumberText(value, style),
        _ => value,
    };

    private string NumberText(string value, string? style)
    {
        if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
            return value;
        bool isDate = int.TryParse(style, NumberStyles.None, CultureInfo.InvariantCulture, out int format)
            && format < _isDate.Count && _isDate[format];
        if (isDate && number is >= 0 and <= LastDay)
            return DateText(number);
        // 0.1 + 0.2 is stored with 17 digits, and shown as 0.3.
        return Math.Abs(number) < 1e15 ? number.ToString("0.##############", CultureInfo.InvariantCulture) : value;
    }

    private string DateText(double days)
    {
        DateTime date = _dayZero.AddSeconds(Math.Round(days * SecondsOfDay));
        string format = days < 1 ? "HH:mm:ss" : date.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss";
        return date.ToString(format, CultureInfo.InvariantCulture);
    }

    private static bool IsDate(string? id, Dictionary<string, string> codes)
    {
        if (id is not null && codes.TryGetValue(id, out string? code))
            return IsDateCode(code);
        return int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number is (>= 14 and <= 22) or (>= 27 and <= 36) or (>= 45 and <= 47) or (>= 50 and <= 58);
    }

    /// <summary>Whether a format shows parts of a date, outside of quotes, brackets and escapes.</summary>
    private static bool IsDateCode(string code)
    {
        var bare = new StringBuilder();
        char closing = '\0';
        for (int i = 0; i < code.Length; i++)
        {
            char c = code[i];
            if (closing != '\0')
                closing = c == closing ? '\0' : closing;
            else if (c is '"' or '[')
                closing = c == '"' ? '"' : ']';
            else if (c == '\\')
                i++;
            else
                bare.Append(char.ToLowerInvariant(c));
        }

        return bare.ToString() is var text && !text.Contains("general", StringComparison.Ordinal) && text.AsSpan().IndexOfAny("ymdhs") >= 0;
    }
}
