using System.Collections.ObjectModel;

namespace RedisInfer;

/// <summary>A document to index.</summary>
/// <param name="Path">Its name in the corpus and in citations: relative, with <c>/</c> as separator; any characters, at most 1024.</param>
/// <param name="Text">Its text, with any line ends.</param>
public sealed record RagDocument(string Path, string Text)
{
    /// <summary>Its title, such as the subject of an e-mail: the first part of every trail. <see langword="null"/>: none.</summary>
    public string? Title { get; init; }

    /// <summary>
    /// Its media type, such as <c>text/csv</c>: how the structure of its text is found. <see langword="null"/>: by the path's extension.
    /// </summary>
    public string? MediaType { get; init; }

    /// <summary>
    /// The parts of its text, in order and without overlap. Empty: the structure is found in the text itself, as in Markdown, source code
    /// or a table of values.
    /// </summary>
    public IReadOnlyList<DocumentBlock> Blocks { get; init; } = [];

    /// <summary>
    /// Name of the text's encoding in the file that it came from, such as <c>utf-8</c>; <see langword="null"/> if it is not known.
    /// </summary>
    public string? Encoding { get; init; }

    /// <summary>Tags that a <see cref="RagFilter"/> can select by: at most 256 of at most 1024 characters.</summary>
    public IReadOnlyCollection<string> Tags { get; init; } = [];

    /// <summary>Metadata values by name that a <see cref="RagFilter"/> can select by. The limits are those of <see cref="Tags"/>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}
