namespace RedisInfer.Chunking;

/// <summary>Second pass: joins headings to the block after them and splits blocks that are too long.</summary>
internal sealed class ParagraphReader
{
    private readonly string _text;
    private readonly TokenRuler _ruler;
    private readonly int _maxTokens;
    private readonly int _pieceTokens;
    private readonly List<Paragraph> _paragraphs = [];
    private readonly List<TextBlock> _headings = [];

    /// <summary>Creates a reader of one document.</summary>
    /// <param name="text">The normalized text.</param>
    /// <param name="countTokens">Counts tokens.</param>
    /// <param name="maxTokens">Most tokens of a fence that stays whole.</param>
    /// <param name="pieceTokens">Most tokens of any other paragraph; longer ones are split.</param>
    public ParagraphReader(string text, TokenCounter countTokens, int maxTokens, int pieceTokens)
    {
        _text = text;
        _ruler = new TokenRuler(countTokens);
        _maxTokens = maxTokens;
        _pieceTokens = pieceTokens;
    }

    /// <summary>Reads all paragraphs, in order.</summary>
    public IReadOnlyList<Paragraph> Read(IEnumerable<TextBlock> blocks)
    {
        foreach (TextBlock block in blocks)
        {
            if (block.Kind == TextBlockKind.Heading)
                _headings.Add(block);
            else if (block.Kind == TextBlockKind.Paragraph)
                AddText(block);
            else
                AddFence(block);
        }

        FlushHeadings();
        return _paragraphs;
    }

    private void AddFence(TextBlock fence)
    {
        TextBlock first = _headings.Count > 0 ? _headings[0] : fence;
        if (TryAddWhole(first.Start, first.StartLine, fence))
        {
            _headings.Clear();
        }
        else if (_headings.Count > 0 && _ruler.Fits(_text.AsSpan(fence.Start, fence.End - fence.Start), _maxTokens, out _))
        {
            FlushHeadings();
            TryAddWhole(fence.Start, fence.StartLine, fence);
        }
        else
        {
            foreach (TextBlock block in BlockReader.SplitAtBlankLines(_text, fence))
                AddText(block);
        }
    }

    private bool TryAddWhole(int start, int startLine, TextBlock fence)
    {
        if (!_ruler.Fits(_text.AsSpan(start, fence.End - start), _maxTokens, out int tokens))
            return false;
        int endLine = fence.StartLine + _text.AsSpan(fence.Start, fence.End - fence.Start).Count('\n');
        _paragraphs.Add(new Paragraph(start, fence.End, startLine, endLine, tokens));
        return true;
    }

    private void FlushHeadings()
    {
        if (_headings.Count == 0)
            return;
        TextBlock last = _headings[^1];
        _headings.RemoveAt(_headings.Count - 1);
        AddText(last);
    }

    private void AddText(TextBlock block)
    {
        int position = _headings.Count > 0 ? _headings[0].Start : block.Start;
        _headings.Add(block);
        var lines = new LineCursor(_text, _headings);
        while (position < block.End)
        {
            // A heading must stay with the text after it, so no break is searched before that text.
            int glued = Math.Max(0, block.Start - position);
            ReadOnlySpan<char> rest = _text.AsSpan(position, block.End - position);
            int length = TakePiece(rest, glued, out int tokens);
            if (rest[..length].IsWhiteSpace())
            {
                // An indentation that is too long by itself.
                position += rest.Length - rest.TrimStart().Length;
                continue;
            }

            int end = position + length;
            _paragraphs.Add(new Paragraph(position, end, lines.LineAt(position), lines.LineAt(end - 1), tokens));
            position = SkipSpace(end, block.End);
        }

        _headings.Clear();
    }

    /// <summary>Length of the piece to split off the front of <paramref name="rest"/>, without trailing white space.</summary>
    private int TakePiece(ReadOnlySpan<char> rest, int glued, out int tokens)
    {
        int fitting = _ruler.LongestPrefix(rest, _pieceTokens, out tokens);
        if (fitting == rest.Length)
            return fitting;

        while (true)
        {
            int cut = BreakFinder.Find(rest, fitting, glued);
            int length = rest[..cut].TrimEnd().Length;
            if (length == 0)
                length = cut;
            tokens = _ruler.Count(rest[..length]);
            // Token counts do not always grow with the length. One character is the shortest possible piece.
            if (tokens <= _pieceTokens || length == 1 || (length == 2 && char.IsSurrogatePair(rest[0], rest[1])))
                return length;
            fitting = Math.Max(1, Math.Min(fitting - 1, length * 3 / 4));
        }
    }

    private int SkipSpace(int position, int end)
    {
        // Keep the indentation at the start of a line: skip all white space, then go back to the line's start.
        int next = position;
        while (next < end && char.IsWhiteSpace(_text[next]))
            next++;
        int newline = _text.AsSpan(position, next - position).LastIndexOf('\n');
        return next >= end || newline < 0 ? next : position + newline + 1;
    }
}
