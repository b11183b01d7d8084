namespace RedisInfer.Documents;

/// <summary>The text of a table's row.</summary>
internal static class TableText
{
    private const string Separator = " | ";

    /// <summary>Joins cells. Their line breaks become spaces. Empty if all cells are.</summary>
    public static string Row(IEnumerable<string> cells)
    {
        string[] texts = [.. cells.Select(cell => OneLine.Of(cell))];
        int last = Array.FindLastIndex(texts, text => text.Length > 0);
        return string.Join(Separator, texts.Take(last + 1));
    }
}
