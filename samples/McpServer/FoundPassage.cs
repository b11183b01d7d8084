using System.ComponentModel;

namespace McpServer;

/// <summary>A passage that was found.</summary>
internal sealed record FoundPassage(
    [property: Description("Path of the document in the folder.")] string Path,
    [property: Description("First line, from 1.")] int StartLine,
    [property: Description("Last line.")] int EndLine,
    [property: Description("Page, from 1, if the document has pages.")] int? Page,
    [property: Description("Headings above the passage.")] string Trail,
    [property: Description("Cosine similarity, -1 to 1.")] float Score,
    [property: Description("Its text.")] string Text);
