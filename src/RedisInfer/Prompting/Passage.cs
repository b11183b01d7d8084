namespace RedisInfer.Prompting;

/// <summary>A chunk that was retrieved for a question.</summary>
/// <param name="Path">The path of the document.</param>
/// <param name="Index">The index of the chunk in the document, from 0.</param>
/// <param name="StartLine">First line of the chunk in the document, from 1.</param>
/// <param name="EndLine">Last line, inclusive.</param>
/// <param name="Score">Cosine similarity to the question, -1 to 1. A neighbor has the score of the chunk it was added for.</param>
/// <param name="Text">Its text.</param>
/// <param name="Tokens">Its tokens, including the separator, as stored.</param>
internal sealed record Passage(
    string Path, int Index, int StartLine, int EndLine, float Score, string Text, ReadOnlyMemory<int> Tokens)
{
    /// <summary>The order of passages in a prompt: by path and index. So equal sets of passages are equal prefixes.</summary>
    public static Comparer<Passage> CanonicalOrder { get; } = Comparer<Passage>.Create(CompareCanonically);

    /// <inheritdoc cref="RagPassage.Trail"/>
    public string Trail { get; init; } = "";

    /// <inheritdoc cref="RagPassage.Page"/>
    public int? Page { get; init; }

    /// <summary>Bytes that were transferred for it.</summary>
    public long Bytes { get; init; }

    /// <summary>How it was loaded; <see langword="null"/> if no context loader loaded it.</summary>
    public string? LoadStrategy { get; init; }

    /// <summary>Why the strategy that was tried first was not used; <see langword="null"/> if it was.</summary>
    public string? LoadReason { get; init; }

    /// <summary>Paths of documents with a near copy that was left out.</summary>
    public List<string> AlsoIn { get; init; } = [];

    /// <summary>A passage of an earlier answer.</summary>
    /// <param name="passage">The passage as the host has it.</param>
    /// <param name="tokens">Its tokens for a prompt.</param>
    public static Passage From(RagPassage passage, int[] tokens) =>
        new(passage.Path, passage.Chunk, passage.StartLine, passage.EndLine, passage.Score, passage.Text, tokens)
        {
            Trail = passage.Trail,
            Page = passage.Page,
            AlsoIn = [.. passage.AlsoIn],
        };

    /// <summary>The passage as the host sees it.</summary>
    /// <param name="number">Its number, from 1.</param>
    /// <param name="tokenCount">Tokens it takes.</param>
    public RagPassage ToRagPassage(int number, int tokenCount) => new()
    {
        Number = number,
        Path = Path,
        Chunk = Index,
        StartLine = StartLine,
        EndLine = EndLine,
        Page = Page,
        Trail = Trail,
        Score = Score,
        Text = Text,
        AlsoIn = AlsoIn,
        TokenCount = tokenCount,
    };

    private static int CompareCanonically(Passage a, Passage b)
    {
        int byPath = string.CompareOrdinal(a.Path, b.Path);
        return byPath != 0 ? byPath : a.Index.CompareTo(b.Index);
    }
}
