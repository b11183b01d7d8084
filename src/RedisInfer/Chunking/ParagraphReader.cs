namespace RedisInfer.Chunking;

/// <summary>
/// Turns the blocks of a section into paragraphs. Joins headings to the block after them. Keeps tables, lists and code whole if they fit.
/// Splits blocks that are too long.
/// </summary>
/// <param name="text">The normalized text.</param>
/// <param name="ruler">Counts tokens.</param>
/// <param name="maxTokens">Most tokens of a chunk's text.</param>
internal sealed class ParagraphReader(string text, TokenRuler ruler, int maxTokens)
{
    private readonly List<Paragraph> _paragraphs = [];
    private readonly List<TextBlock> _headings = [];

    /// <summary>Reads all paragraphs, in order.</summary>
    public IReadOnlyList<Paragraph> Read(IReadOnlyList<TextBlock> blocks)
    {
        for (int i = 0; i < blocks.Count;)
        {
            TextBlock block = blocks[i];
            int end = i + 1;
            switch (block.Kind)
            {
                case TextBlockKind.Heading:
                    _headings.Add(block);
                    break;
                case TextBlockKind.Paragraph:
                    AddText(block);
                    break;
                case TextBlockKind.Fence:
                    AddFence(block);
                    break;
                default:
                    while (end < blocks.Count && blocks[end].Kind == (block.Kind == TextBlockKind.ListItem ? TextBlockKind.ListItem : TextBlockKind.TableRow))
                        end++;
                    AddGroup(blocks, i, end);
                    break;
            }

            i = end;
        }

        FlushHeadings();
        return _paragraphs;
    }

    /// <summary>Adds a table or a list: whole if it fits, otherwise by rows or items, each under its column names or lead sentence.</summary>
    private void AddGroup(IReadOnlyList<TextBlock> blocks, int first, int end)
    {
        TextBlock whole = blocks[first] with { Kind = TextBlockKind.Fence, End = blocks[end - 1].End };
        bool isTable = blocks[first].Kind == TextBlockKind.TableHeader;
        string context = isTable ? TextOf(blocks[first]) : Lead(blocks, first);
        if (context.Length > 0 && !ruler.Fits(context, maxTokens / 2, out _))
            context = "";
        if (TryAddWhole(whole, isTable ? "" : context))
            return;
        for (int i = first; i < end; i++)
            AddText(blocks[i], isTable && i == first ? "" : context);
    }

    /// <summary>The sentence that introduces a list.</summary>
    private string Lead(IReadOnlyList<TextBlock> blocks, int first)
    {
        if (first == 0 || blocks[first - 1].Kind != TextBlockKind.Paragraph || blocks[first].Kind != TextBlockKind.ListItem)
            return "";
        string before = TextOf(blocks[first - 1]);
        return before[BreakFinder.LastSentence(before)..];
    }

    private string TextOf(in TextBlock block) => text[block.Start..block.End];

    private void AddFence(TextBlock fence)
    {
        if (TryAddWhole(fence, ""))
            return;
        if (_headings.Count > 0 && ruler.Fits(text.AsSpan(fence.Start, fence.End - fence.Start), maxTokens, out _))
        {
            FlushHeadings();
            TryAddWhole(fence, "");
            return;
        }

        int first = _paragraphs.Count;
        foreach (TextBlock block in BlockReader.SplitAtBlankLines(text, fence))
            AddText(block);
        for (int i = first; i < _paragraphs.Count; i++)
            _paragraphs[i] = _paragraphs[i] with { IsPart = true };
    }

    /// <summary>Adds a block with the headings before it, if they fit into a chunk together.</summary>
    private bool TryAddWhole(TextBlock block, string context)
    {
        TextBlock first = _headings.Count > 0 ? _headings[0] : block;
        int limit = context.Length > 0 ? maxTokens - ruler.Count(context) - 1 : maxTokens;
        if (!ruler.Fits(text.AsSpan(first.Start, block.End - first.Start), limit, out int tokens))
            return false;
        int endLine = block.StartLine + text.AsSpan(block.Start, block.End - block.Start).Count('\n');
        _paragraphs.Add(new Paragraph(first.Start, block.End, first.StartLine, endLine, tokens) { Context = context, Page = first.Page });
        _headings.Clear();
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

    private void AddText(TextBlock block, string context = "")
    {
        if (TryAddWhole(block, context))
            return;

        // Two pieces fit into a chunk, with two tokens for the blank line between them.
        int pieceTokens = Math.Max(1, context.Length > 0 ? maxTokens - ruler.Count(context) - 1 : (maxTokens - 2) / 2);
        int position = _headings.Count > 0 ? _headings[0].Start : block.Start;
        bool isWrapped = block.Kind != TextBlockKind.Fence && BreakFinder.IsWrapped(text.AsSpan(block.Start, block.End - block.Start));
        _headings.Add(block);
        ruler.Begin();
        var lines = new LineCursor(text, _headings);
        while (position < block.End)
        {
            // A heading must stay with the text after it, so no break is searched before that text, and the piece may be a whole chunk.
            int glued = Math.Max(0, block.Start - position);
            ReadOnlySpan<char> rest = text.AsSpan(position, block.End - position);
            int length = TakePiece(rest, glued, glued > 0 && context.Length == 0 ? maxTokens : pieceTokens, isWrapped, out int tokens);
            if (rest[..length].IsWhiteSpace())
            {
                // An indentation that is too long by itself.
                position += rest.Length - rest.TrimStart().Length;
                continue;
            }

            int end = position + length;
            _paragraphs.Add(new Paragraph(position, end, lines.LineAt(position), lines.LineAt(end - 1), tokens)
            {
                Context = context,
                IsPart = true,
                Page = block.Page,
            });
            position = SkipSpace(end, block.End);
        }

        _headings.Clear();
    }

    /// <summary>Length of the piece to split off the front of <paramref name="rest"/>, without trailing white space.</summary>
    private int TakePiece(ReadOnlySpan<char> rest, int glued, int pieceTokens, bool isWrapped, out int tokens)
    {
        int fitting = ruler.LongestPrefix(rest, pieceTokens, out tokens);
        if (fitting == rest.Length)
            return fitting;

        while (true)
        {
            int cut = BreakFinder.Find(rest, fitting, glued, isWrapped);
            int length = rest[..cut].TrimEnd().Length;
            if (length == 0)
                length = cut;
            tokens = ruler.Count(rest[..length]);
            // Token counts do not always grow with the length. One character is the shortest possible piece.
            if (tokens <= pieceTokens || length == 1 || (length == 2 && char.IsSurrogatePair(rest[0], rest[1])))
                return length;
            fitting = Math.Max(1, Math.Min(fitting - 1, length * 3 / 4));
        }
    }

    private int SkipSpace(int position, int end)
    {
        // Keep the indentation at the start of a line: skip all white space, then go back to the line's start.
        int next = position;
        while (next < end && char.IsWhiteSpace(text[next]))
            next++;
        int newline = text.AsSpan(position, next - position).LastIndexOf('\n');
        return next >= end || newline < 0 ? next : position + newline + 1;
    }
}
