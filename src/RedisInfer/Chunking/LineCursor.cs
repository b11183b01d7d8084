namespace RedisInfer.Chunking;

/// <summary>Maps positions in a run of blocks to lines of the document. Moves forward only, so that a run costs one pass.</summary>
internal sealed class LineCursor(string text, IReadOnlyList<TextBlock> blocks)
{
    private int _block;
    private int _position = blocks[0].Start;
    private int _line = blocks[0].StartLine;

    /// <summary>Line of the character at <paramref name="position"/>, which must not be before the previous position.</summary>
    public int LineAt(int position)
    {
        while (_block + 1 < blocks.Count && blocks[_block + 1].Start <= position)
        {
            _block++;
            (_position, _line) = (blocks[_block].Start, blocks[_block].StartLine);
        }

        _line += text.AsSpan(_position, position - _position).Count('\n');
        _position = position;
        return _line;
    }
}
