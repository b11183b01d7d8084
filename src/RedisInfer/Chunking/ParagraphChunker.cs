namespace RedisInfer.Chunking;

/// <summary>
/// Splits documents into chunks that know where they are. The rules, in order:
/// <list type="number">
/// <item>The structure of a document is what its blocks say. Without blocks, it is found in the text by its media type. Markdown and
/// plain text have headings, tables, lists and fenced code. Source code has types and members. CSV, TSV and JSON lines have records. <c>\n</c>,
/// <c>\r\n</c> and <c>\r</c> end a line; several blank lines count as one.</item>
/// <item>No chunk goes over a heading into another section, or from one type of source code into another. Each has a trail: the document's
/// title, the headings it is under, the type and the long member it is in. A trail has at most a quarter of
/// <see cref="ChunkingOptions.MaxTokens"/>. What is over it is left out from the outermost part on. Trail and text together have at most
/// <see cref="ChunkingOptions.MaxTokens"/>.</item>
/// <item>A table, a list, a fenced block or a member that fits stays whole. A longer table is split between its rows, and each chunk begins
/// with the column names. Of a longer list, each chunk begins with the sentence before the list. What is repeated has at most half of the
/// maximum, or it is left out.</item>
/// <item>Another paragraph that is longer than the maximum is split at the last line end that fits. If none does, it is split at a sentence
/// end, or at a space, or else anywhere but inside a surrogate pair.</item>
/// <item>A chunk takes as many paragraphs of its section as fit. With overlap, the next chunk begins with the last paragraph of the previous
/// one, if that has at most a quarter of the maximum. Parts of a split paragraph are not repeated.</item>
/// </list>
/// The maximum applies to the token count of a chunk's whole text, which is not the sum of its paragraphs' counts. Only a single character
/// whose own count is above the maximum exceeds it.
/// </summary>
/// <remarks>Thread-safe and deterministic. The time is near-linear in the length of the text.</remarks>
public sealed class ParagraphChunker : IChunker
{
    // Of the tokens of a chunk: what a trail may cost, and a paragraph that is in two chunks.
    private const int TrailShare = 4;
    private const int OverlapShare = 4;

    private readonly int _maxTokens;
    private readonly int _overlapTokens;

    /// <summary>Creates a chunker.</summary>
    /// <param name="options">The settings, read once now; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">The options are invalid. The message lists every problem.</exception>
    public ParagraphChunker(ChunkingOptions? options = null)
    {
        options ??= new ChunkingOptions();
        string problems = string.Join(" ", options.Validate());
        if (problems.Length > 0)
            throw new ArgumentException(problems, nameof(options));
        _maxTokens = options.MaxTokens;
        _overlapTokens = options.Overlap > 0 ? _maxTokens / OverlapShare : 0;
        Identity = $"paragraph/2 max={options.MaxTokens} overlap={options.Overlap}";
    }

    /// <inheritdoc/>
    public string Identity { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Chunk> Split(RagDocument document, TokenCounter countTokens)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(countTokens);

        (string text, IReadOnlyList<TextSection> sections) = StructureReader.Read(document);
        List<Chunk> chunks = [];
        foreach (TextSection section in sections)
            AddSection(chunks, text, section, countTokens);
        return chunks;
    }

    private void AddSection(List<Chunk> chunks, string text, TextSection section, TokenCounter countTokens)
    {
        var ruler = new TokenRuler(countTokens);
        string trail = TrailText.Join(section.Trail, _maxTokens / TrailShare, ruler);
        int maxTokens = _maxTokens - ruler.Count(TrailText.Headings(trail));
        List<TextBlock> together = [];
        foreach (TextBlock block in section.Blocks)
        {
            // A member that is too long for a chunk is a section, so that each part of it bears its name.
            if (block is not { Kind: TextBlockKind.Fence, Name: { Length: > 0 } name }
                || ruler.Fits(text.AsSpan(block.Start, block.End - block.Start), maxTokens, out _))
            {
                together.Add(block);
                continue;
            }

            Pack();
            AddSection(chunks, text, new TextSection([.. section.Trail, name]) { Blocks = [block with { Name = null }] }, countTokens);
        }

        Pack();

        void Pack()
        {
            IReadOnlyList<Paragraph> paragraphs = new ParagraphReader(text, ruler, maxTokens).Read(together);
            new ParagraphPacker(text, paragraphs, countTokens, maxTokens, _overlapTokens).Pack(chunks, trail);
            together.Clear();
        }
    }
}
