using Spectre.Console;

namespace ConsoleDemo;

/// <summary>
/// Writes text that arrives in pieces and breaks its lines between words. A word is written when it is complete. Without a
/// terminal, lines are not wrapped.
/// </summary>
internal sealed class WrappedText(IAnsiConsole console)
{
    private readonly int _width = console.Profile.Capabilities.Interactive ? console.Profile.Width : int.MaxValue;
    private string _word = "";
    private int _column;

    public void Write(string text)
    {
        foreach (char letter in Printable.Lines(text))
        {
            if (!char.IsWhiteSpace(letter))
            {
                _word += letter;
                continue;
            }

            WriteWord();
            if (letter == '\n' || _column + 1 >= _width)
            {
                Break();
            }
            else
            {
                Put(" ");
            }
        }

        console.Profile.Out.Writer.Flush();
    }

    /// <summary>Writes the remaining text and ends the line.</summary>
    public void End()
    {
        WriteWord();
        Break();
    }

    private void WriteWord()
    {
        if (_column > 0 && _column + _word.Length > _width)
        {
            Break();
        }

        Put(_word);
        _word = "";
    }

    // Bypasses the console's layout, which would treat each piece as a separate line.
    private void Put(string text)
    {
        console.Profile.Out.Writer.Write(text);
        _column += text.Length;
    }

    private void Break()
    {
        console.Profile.Out.Writer.WriteLine();
        _column = 0;
    }
}
