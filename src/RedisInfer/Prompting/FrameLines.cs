using System.Buffers;
using System.Globalization;
using System.Text;

namespace RedisInfer.Prompting;

/// <summary>
/// Finds lines of foreign text that read as a prompt's own: the heading of a passage, such as <c>[1] a.md</c>, or the question's label. A
/// document with such a line could speak for another document. Pure.
/// </summary>
internal static class FrameLines
{
    // Markdown's own mark for a sign that means nothing.
    private const char Escape = '\\';
    private const string QuestionLabel = "question";

    // Everything that some reader of text takes for the end of a line.
    private const string LineEnds = "\n\r\v\f\u001c\u001d\u001e\u0085\u2028\u2029";

    private const string OpeningBrackets = "[\uff3b\u3010\u3014\u3016\u3018\u301a\u27e6\u27ec\u2045\u2772\ufe5d\ufe47\ufe3b\ufe39\u298b\u298d\u298f\u300c\u300e\u2308\u230a\u23a1\u2e22\u2e24";
    private const string ClosingBrackets = "]\uff3d\u3011\u3015\u3017\u3019\u301b\u27e7\u27ed\u2046\u2773\ufe5e\ufe48\ufe3c\ufe3a\u298c\u298e\u2990\u300d\u300f\u2309\u230b\u23a4\u2e23\u2e25";
    private const string Colons = ":\uff1a\ufe55\ufe13\u02d0\u2236\ua789\u05c3\u0589";

    // Fillers without ink that are letters or symbols to Unicode.
    private const string Blanks = "\u115f\u1160\u2800\u3164\uffa0";

    // Letters of other scripts that look like those of the label, each before its double.
    private const string Doubles = "\u0435e\u0455s\u0456i\u043eo\u0442t\u043fn\u051bq\u03bfo\u03b9i\u03c5u\u03c4t\u0578n\u0585o\u057du\u0131i";

    // Plain ASCII again, at the width of a Chinese sign.
    private const int FirstFullWidth = 0xFF01;
    private const int LastFullWidth = 0xFF5E;

    private const char Other = char.MaxValue;

    private static readonly SearchValues<char> LineEndValues = SearchValues.Create(LineEnds);

    /// <summary>Puts a backslash before each line that reads as a line of the prompt. Other texts stay as they are.</summary>
    /// <param name="text">Text of a document or a user.</param>
    /// <param name="beginsALine">Whether its beginning is the beginning of a line in the prompt.</param>
    public static string EscapeIn(string text, bool beginsALine)
    {
        StringBuilder? escaped = null;
        int copied = 0;
        for (int line = beginsALine ? 0 : NextLine(text, 0); line < text.Length; line = NextLine(text, line))
        {
            if (!IsHeading(text.AsSpan(line)) && !IsQuestionLabel(text.AsSpan(line)))
                continue;
            escaped ??= new StringBuilder(text.Length + 1);
            escaped.Append(text, copied, line - copied).Append(Escape);
            copied = line;
        }

        return escaped is null ? text : escaped.Append(text, copied, text.Length - copied).ToString();
    }

    /// <summary>Joins the lines of a text with spaces.</summary>
    public static string InOneLine(string text)
    {
        string line = text.ReplaceLineEndings(" ");
        return line.AsSpan().ContainsAny(LineEndValues)
            ? string.Concat(line.Select(c => LineEndValues.Contains(c) ? ' ' : c))
            : line;
    }

    private static int NextLine(string text, int start)
    {
        int end = text.AsSpan(start).IndexOfAny(LineEndValues);
        return end < 0 ? text.Length : start + end + 1;
    }

    private static bool IsHeading(ReadOnlySpan<char> line)
    {
        if (Next(ref line) != '[' || Next(ref line) != '0')
            return false;
        char next;
        do
        {
            next = Next(ref line);
        }
        while (next == '0');
        return next == ']';
    }

    private static bool IsQuestionLabel(ReadOnlySpan<char> line)
    {
        foreach (char letter in QuestionLabel)
        {
            if (Next(ref line) != letter)
                return false;
        }

        return Next(ref line) == ':';
    }

    /// <summary>Takes the next sign with ink from a line, as the plain sign that it looks like; 0 at the end of the line.</summary>
    private static char Next(ref ReadOnlySpan<char> line)
    {
        while (!line.IsEmpty && !LineEndValues.Contains(line[0]))
        {
            bool isWhole = Rune.DecodeFromUtf16(line, out Rune rune, out int length) == OperationStatus.Done;
            line = line[length..];
            if (isWhole && !IsBlank(rune))
                return Plain(rune);
        }

        return '\0';
    }

    private static bool IsBlank(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.SpaceSeparator => true,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark => true,
        UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned => true,
        _ => rune.IsBmp && Blanks.Contains((char)rune.Value),
    };

    /// <summary>The plain sign that a sign looks like: <c>[</c>, <c>]</c>, <c>:</c>, a small letter, or 0 for all numbers.</summary>
    private static char Plain(Rune rune)
    {
        if (Rune.IsNumber(rune))
            return '0';
        if (rune.Value is >= FirstFullWidth and <= LastFullWidth)
            rune = new Rune(rune.Value - FirstFullWidth + '!');
        if (!rune.IsAscii && Rune.IsLetter(rune) && rune.ToString().Normalize(NormalizationForm.FormKC) is [char compatible])
            rune = Rune.TryCreate(compatible, out Rune known) ? known : rune;
        if (!rune.IsBmp)
            return Other;

        char sign = (char)Rune.ToLowerInvariant(rune).Value;
        int twin = Doubles.IndexOf(sign, StringComparison.Ordinal);
        return OpeningBrackets.Contains(sign) ? '['
            : ClosingBrackets.Contains(sign) ? ']'
            : Colons.Contains(sign) ? ':'
            : twin >= 0 && twin % 2 == 0 ? Doubles[twin + 1]
            : sign is '\0' ? Other
            : sign;
    }
}
