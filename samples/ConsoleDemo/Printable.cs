namespace ConsoleDemo;

/// <summary>
/// Makes text from documents and models safe to print. A control character in it must not reach the terminal, because it could
/// move the cursor or change colors.
/// </summary>
internal static class Printable
{
    private const char Replacement = '\uFFFD';

    public static string Lines(string text) =>
        Replace(text, letter => letter is '\n' or '\t' ? letter : Replacement);

    public static string OneLine(string text) =>
        Replace(text.ReplaceLineEndings(" "), letter => letter is '\t' ? ' ' : Replacement);

    private static string Replace(string text, Func<char, char> replace) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(letter => char.IsControl(letter) ? replace(letter) : letter)) : text;
}
