namespace RedisInfer.Chunking;

/// <summary>
/// Splits prose, Markdown and source code by paragraph. The rules, in order:
/// <list type="number">
/// <item>Blank lines separate paragraphs; several count as one. <c>\n</c>, <c>\r\n</c> and <c>\r</c> end a line.</item>
/// <item>A fenced code block of at most <see cref="ChunkingOptions.MaxTokens"/> is one paragraph, including its blank lines. A longer one
/// is split at its blank lines like other text.</item>
/// <item>A heading, or several in a row, is one paragraph with the paragraph after it.</item>
/// <item>With overlap, any other paragraph longer than half of the maximum is split, so that two adjacent ones always fit into a chunk.
/// Without overlap, a paragraph longer than the maximum is split. The split is at the last line end that fits, else at a sentence end, else
/// at a space, else anywhere but inside a surrogate pair. From here on, each piece counts as a paragraph.</item>
/// <item>A chunk takes as many paragraphs as fit. With overlap, the next chunk begins with the last paragraph of the previous one. It does
/// not if that paragraph and the one after it together exceed the maximum. This happens next to a fenced code block longer than half of the
/// maximum, or across a very long run of spaces.</item>
/// </list>
/// The maximum applies to the token count of a chunk's whole text, which is not the sum of its paragraphs' counts. Only a single character
/// whose own count is above the maximum exceeds it. A chunk's text is the document's text from its first paragraph to its last, with
/// <c>\n</c> as line end, and with several blank lines reduced to one.
/// </summary>
/// <remarks>Thread-safe and deterministic. The time is near-linear in the length of the text.</remarks>
public sealed class ParagraphChunker : IChunker
{
    private readonly int _maxTokens;
    private readonly bool _overlaps;

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
        _overlaps = options.Overlap > 0;
        Identity = $"paragraph/1 max={options.MaxTokens} overlap={options.Overlap}";
    }

    /// <inheritdoc/>
    public string Identity { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Chunk> Split(RagDocument document, TokenCounter countTokens)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(countTokens);

        (string normalised, IReadOnlyList<TextBlock> blocks) = BlockReader.Read(document.Text);
        // Leaves two tokens for the blank line between two pieces.
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
            // The neighbor of a single-paragraph chunk did not fit. Beginning with that paragraph again would never end.
            first = _overlaps && last > first && packer.Fits(last, last + 1) ? last : last + 1;
        }

        return chunks;
    }
}
