namespace RedisInfer.Chunking;

/// <summary>
/// Cuts prose, Markdown and source code by paragraph. The rules, in the order they are applied:
/// <list type="number">
/// <item>Blank lines separate paragraphs; several count as one. Any of <c>\n</c>, <c>\r\n</c> and <c>\r</c> ends a line.</item>
/// <item>A fenced code block is one paragraph, blank lines and all, if it is within <see cref="ChunkingOptions.MaxTokens"/>;
/// a longer one is cut at its blank lines like other text.</item>
/// <item>A heading, or several in a row, is one paragraph with the paragraph after it.</item>
/// <item>With overlap, any other paragraph longer than half the ceiling is split, so that two neighbours always fit into a
/// chunk; without, one longer than the ceiling is. The cut is at the last line end that fits, else at a sentence end, else at a
/// space, else anywhere but inside a surrogate pair. Each piece counts as a paragraph from here on.</item>
/// <item>A chunk takes as many paragraphs as its ceiling allows. With overlap the next one begins with the last paragraph of
/// the one before it, exactly one, unless that and the paragraph after it are over the ceiling together: next to a fenced
/// block longer than half of it, or across a very long run of spaces.</item>
/// </list>
/// The ceiling holds for the token count of a chunk's text as a whole, which isn't the sum of its paragraphs' counts. Only a
/// single character that the counter itself puts over the ceiling breaks it. A chunk's text is the document's from its first
/// paragraph to its last, with line ends as <c>\n</c> and one blank line where there were several.
/// </summary>
/// <remarks>Pure; may be called from several threads at once. The time is near-linear in the text's length.</remarks>
public sealed class ParagraphChunker : IChunker
{
    private readonly int _maxTokens;
    private readonly bool _overlaps;

    /// <summary>Creates a chunker.</summary>
    /// <param name="options">The settings, read now; the defaults if null.</param>
    /// <exception cref="ArgumentException">The options do not make sense; the message lists every problem.</exception>
    public ParagraphChunker(ChunkingOptions? options = null)
    {
        options ??= new ChunkingOptions();
        string problems = string.Join(" ", options.Validate());
        if (problems.Length > 0)
            throw new ArgumentException(problems, nameof(options));
        _maxTokens = options.MaxTokens;
        _overlaps = options.Overlap > 0;
        Identity = $"paragraph/1 max={options.MaxTokens} overlap={options.Overlap}";
    }

    /// <inheritdoc/>
    public string Identity { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Chunk> Split(string text, TokenCounter countTokens)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(countTokens);

        (string normalised, IReadOnlyList<TextBlock> blocks) = BlockReader.Read(text);
        // Two tokens are left for the blank line between two pieces.
        int pieceTokens = _overlaps ? (_maxTokens - 2) / 2 : _maxTokens;
        var reader = new ParagraphReader(normalised, countTokens, _maxTokens, pieceTokens);
        IReadOnlyList<Paragraph> paragraphs = reader.Read(blocks);
        return Pack(new ParagraphPacker(normalised, paragraphs, countTokens, _maxTokens));
    }

    private List<Chunk> Pack(ParagraphPacker packer)
    {
        List<Chunk> chunks = [];
        for (int first = 0; first < packer.Count;)
        {
            int last = packer.LastThatFits(first);
            chunks.Add(packer.ToChunk(chunks.Count, first, last));
            if (last + 1 == packer.Count)
                break;
            // A chunk of one paragraph is one whose neighbour did not fit: beginning with it again would never end.
            first = _overlaps && last > first && packer.Fits(last, last + 1) ? last : last + 1;
        }

        return chunks;
    }
}
