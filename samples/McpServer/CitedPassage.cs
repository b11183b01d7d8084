using System.ComponentModel;

namespace McpServer;

/// <summary>A passage that an answer cites.</summary>
internal sealed record CitedPassage(
    [property: Description("Its number in the answer: 1 for [1].")] int Number,
    [property: Description("Path of the document in the folder.")] string Path,
    [property: Description("First line, from 1.")] int StartLine,
    [property: Description("Last line.")] int EndLine,
    [property: Description("Page, from 1, if the document has pages.")] int? Page,
    [property: Description("Cosine similarity, -1 to 1.")] float Score);
