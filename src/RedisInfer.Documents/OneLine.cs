using System.Text;

namespace RedisInfer.Documents;

/// <summary>Text on one line.</summary>
internal static class OneLine
{
    /// <summary>Reduces runs of white space to one space, and trims.</summary>
    public static string Of(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (!char.IsWhiteSpace(c) && c != '\u200B')
                line.Append(c);
            else if (line.Length > 0 && line[^1] != ' ')
                line.Append(' ');
        }

        return line.ToString().TrimEnd();
    }
}
