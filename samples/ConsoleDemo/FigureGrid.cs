using Spectre.Console;

namespace ConsoleDemo;

/// <summary>Creates grids of figures.</summary>
internal static class FigureGrid
{
    /// <summary>Creates a grid.</summary>
    /// <param name="headings">The heading of each column.</param>
    /// <param name="rows">The cells, row by row.</param>
    public static Grid Create(IReadOnlyList<string> headings, IEnumerable<string[]> rows)
    {
        var grid = new Grid();
        foreach (string _ in headings)
        {
            grid.AddColumn(new GridColumn { Alignment = Justify.Right, NoWrap = true, Padding = new Padding(2, 0, 0, 0) });
        }

        grid.AddRow([.. headings.Select(heading => new Text(heading, new Style(Color.Grey)))]);
        foreach (string[] cells in rows)
        {
            grid.AddRow([.. cells.Select(cell => new Text(cell))]);
        }

        return grid;
    }
}
