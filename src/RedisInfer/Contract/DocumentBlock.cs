using System.Globalization;

namespace RedisInfer;

/// <summary>
/// A part of a document's text: what it is, and where it is. The blocks of a document are in order and do not overlap. Text between them is
/// indexed as paragraphs.
/// </summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Its first character in the text, from 0.</param>
/// <param name="Length">Its length in characters, at least 1. It may have several lines.</param>
public readonly record struct DocumentBlock(DocumentBlockKind Kind, int Start, int Length)
{
    internal const int MaxHeadingLevel = 6;

    /// <summary>Level of a heading, 1 to 6; depth of a list item, from 1. Other kinds: 0.</summary>
    public int Level { get; init; }

    /// <summary>Number of the page, slide or sheet that it begins on, from 1; <see langword="null"/> if there are none.</summary>
    public int? Page { get; init; }

    /// <summary>One past its last character.</summary>
    internal int End => Start + Length;

    /// <summary>Finds the first problem with the blocks of a text.</summary>
    /// <returns>A sentence that says which block is wrong; <see langword="null"/> if all are right.</returns>
    internal static string? FindProblem(string text, IReadOnlyList<DocumentBlock> blocks)
    {
        int end = 0;
        for (int i = 0; i < blocks.Count; i++)
        {
            if (blocks[i].FindProblem(text.Length, end) is { } problem)
                return string.Create(CultureInfo.InvariantCulture, $"Block {i} of its {blocks.Count} blocks {problem}.");
            end = blocks[i].End;
        }

        return null;
    }

    private string? FindProblem(int textLength, int previousEnd) => this switch
    {
        _ when !Enum.IsDefined(Kind) => $"has the unknown kind {(int)Kind}",
        { Length: < 1 } => $"has {Length} characters: leave empty blocks out",
        _ when Start < previousEnd => $"begins at {Start}, before the end of the previous block at {previousEnd}",
        _ when Length > textLength - Start => $"of {Length} characters at {Start} ends after the text, which has {textLength} characters",
        { Kind: DocumentBlockKind.Heading, Level: < 1 or > MaxHeadingLevel } => $"is a heading of level {Level}: set 1 to {MaxHeadingLevel}",
        { Level: < 0 } => $"has the level {Level}: set 0 or more",
        { Page: < 1 } => $"is on page {Page}: count pages from 1",
        _ => null,
    };
}
