using System.Globalization;
using RedisInfer;
using Spectre.Console;

namespace ConsoleDemo;

/// <summary>Shows the passages that a question finds.</summary>
internal static class PassageView
{
    public static void Show(IAnsiConsole console, IReadOnlyList<RagPassage> passages)
    {
        if (passages.Count == 0)
        {
            console.MarkupLine("[grey]Nothing in the index is near the question.[/]");
        }

        foreach (RagPassage passage in passages)
        {
            string place = Printable.OneLine($"{passage.Path}:{passage.StartLine}-{passage.EndLine}");
            console.MarkupLineInterpolated(
                CultureInfo.InvariantCulture, $"[blue][[{passage.Number}]][/] {place} [grey](score {passage.Score:0.00})[/]");
            foreach (string line in passage.Text.Trim().ReplaceLineEndings("\n").Split('\n'))
            {
                console.WriteLine("    " + Printable.OneLine(line));
            }

            console.WriteLine();
        }
    }
}
