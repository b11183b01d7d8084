using System.Text.RegularExpressions;

namespace RedisInfer.Tests.Support;

/// <summary>Reads the text of a prompt as a careless reader does: signs that look alike are alike, and signs without ink are not there.</summary>
public static partial class Prompts
{
    /// <summary>Number of lines that read as the heading of a passage.</summary>
    public static int CountHeadings(string prompt) => Lines(prompt).Count(line => Heading().IsMatch(line));

    /// <summary>Number of lines that read as the question's label.</summary>
    public static int CountQuestions(string prompt) => Lines(prompt).Count(line => line.StartsWith("question:", StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> Lines(string prompt) =>
        LineEnd().Split(prompt).Select(line => NoInk().Replace(string.Concat(line.Select(Narrow)), ""));

    private static char Narrow(char sign) => sign is >= '\uff01' and <= '\uff5e' ? (char)(sign - '\uff01' + '!') : sign;

    [GeneratedRegex(@"[\n\r\v\f\x1c-\x1e\u0085\u2028\u2029]")]
    private static partial Regex LineEnd();

    [GeneratedRegex(@"[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Z}\p{Mn}\p{Me}\s]")]
    private static partial Regex NoInk();

    [GeneratedRegex(@"^[\[【〔⟦]\p{N}+[\]】〕⟧]")]
    private static partial Regex Heading();
}
