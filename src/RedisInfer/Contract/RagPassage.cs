namespace RedisInfer;

/// <summary>A passage the model was given.</summary>
public sealed class RagPassage
{
    /// <summary>Its number in the prompt, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>The document.</summary>
    public required string Path { get; init; }

    /// <summary>The chunk of the document, from 0.</summary>
    public required int Chunk { get; init; }

    /// <summary>First line of the chunk in the document, from 1.</summary>
    public required int StartLine { get; init; }

    /// <summary>Last line of the chunk, inclusive.</summary>
    public required int EndLine { get; init; }

    /// <summary>
    /// Cosine similarity of question and chunk, -1 to 1. With an embedding it compares their vectors. Without one it compares the
    /// question's words with those of them that the chunk holds, weighted by how rare they are. A neighbor has the score of the chunk it
    /// was added for.
    /// </summary>
    public required float Score { get; init; }

    /// <summary>The chunk's text.</summary>
    public required string Text { get; init; }

    /// <summary>Tokens it takes in the prompt, its heading line included.</summary>
    public required int TokenCount { get; init; }
}
