namespace RedisInfer.Benchmarks.Chaos;

/// <summary>A version of a document, and when it was in the folder.</summary>
/// <param name="Number">Number of the version. All documents share one count.</param>
/// <param name="Paragraphs">Its paragraphs. Each names the document and the version that it was written for.</param>
/// <param name="From">Not later than it came.</param>
internal sealed record DocumentVersion(int Number, IReadOnlyList<string> Paragraphs, long From)
{
    public string Text { get; } = string.Join("\n\n", Paragraphs) + "\n";

    /// <summary>Not earlier than it was replaced or removed.</summary>
    public long Until { get; set; } = long.MaxValue;

    /// <summary>Whether the lines that a passage names hold its text.</summary>
    public bool Holds(ChildPassage passage)
    {
        string[] lines = Text.Split('\n');
        if (passage.StartLine < 1 || passage.EndLine > lines.Length || passage.StartLine > passage.EndLine)
            return false;
        string named = string.Join('\n', lines[(passage.StartLine - 1)..passage.EndLine]);

        // A long paragraph is cut within a line.
        return passage.Text.Trim() is { Length: > 0 } text && named.Contains(text, StringComparison.Ordinal);
    }
}
