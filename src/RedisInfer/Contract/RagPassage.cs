namespace RedisInfer;

/// <summary>A retrieved chunk. In an answer: one that is in the prompt.</summary>
public sealed class RagPassage
{
    /// <summary>Number of the passage in the prompt or in the search result, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>Path of the document.</summary>
    public required string Path { get; init; }

    /// <summary>Position of the chunk in the document, from 0.</summary>
    public required int Chunk { get; init; }

    /// <summary>First line of the chunk in the document, from 1.</summary>
    public required int StartLine { get; init; }

    /// <summary>Last line of the chunk in the document, from 1, inclusive.</summary>
    public required int EndLine { get; init; }

    /// <summary>Number of the page, slide or sheet that the chunk begins on, from 1; <see langword="null"/> if there are none.</summary>
    public int? Page { get; init; }

    /// <summary>
    /// Where the chunk is in its document, from the outermost part to the innermost, such as <c>Machines > Heron press</c>; empty if the
    /// document has no parts.
    /// </summary>
    public string Trail { get; init; } = "";

    /// <summary>
    /// Cosine similarity of question and chunk, -1 to 1.
    /// <list type="bullet">
    /// <item>With an embedding, it compares their vectors.</item>
    /// <item>Without an embedding, it compares the question's words with those of them that are in the chunk, weighted by rarity.</item>
    /// <item>A neighbor has the score of the chunk that it was added for.</item>
    /// </list>
    /// </summary>
    public required float Score { get; init; }

    /// <summary>Text of the chunk. It may begin with repeated lines of an earlier part, such as the column names of a table.</summary>
    public required string Text { get; init; }

    /// <summary>Paths of other documents with nearly the same chunk, which was left out to make room for others.</summary>
    public IReadOnlyList<string> AlsoIn { get; init; } = [];

    /// <summary>Tokens that the passage takes in the prompt, including its heading line.</summary>
    public required int TokenCount { get; init; }
}
