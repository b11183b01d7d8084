namespace RedisInfer;

/// <summary>A passage that an answer cites.</summary>
public sealed class RagCitation
{
    /// <summary>The number in brackets in the answer's text, from 1; equals <see cref="RagPassage.Number"/>.</summary>
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

    /// <summary>Cosine similarity of question and chunk, -1 to 1; see <see cref="RagPassage.Score"/>.</summary>
    public required float Score { get; init; }
}
