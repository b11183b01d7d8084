namespace RedisInfer.Llama;

/// <summary>The positions that one sequence holds in the KV cache, as separate ranges in ascending order.</summary>
internal sealed class SequencePositions
{
    private readonly List<PositionRange> _ranges = [];

    /// <summary>One above the last position; 0 if the sequence is empty.</summary>
    internal int Length => _ranges.Count == 0 ? 0 : _ranges[^1].End;

    /// <summary>Whether the sequence holds no positions.</summary>
    internal bool IsEmpty => _ranges.Count == 0;

    /// <summary>The ranges.</summary>
    internal IReadOnlyList<PositionRange> Ranges => _ranges;

    /// <summary>Adds positions after the last one.</summary>
    internal void Append(int count)
    {
        if (_ranges.Count == 0)
        {
            _ranges.Add(new PositionRange(0, count));
        }
        else
        {
            _ranges[^1] = _ranges[^1] with { End = _ranges[^1].End + count };
        }
    }

    /// <summary>Adds a range. It must not overlap the ranges already held.</summary>
    internal void Add(PositionRange range)
    {
        int at = _ranges.Count;
        while (at > 0 && _ranges[at - 1].Start >= range.End)
        {
            at--;
        }

        _ranges.Insert(at, range);
        if (at + 1 < _ranges.Count && _ranges[at].End == _ranges[at + 1].Start)
        {
            _ranges[at] = _ranges[at] with { End = _ranges[at + 1].End };
            _ranges.RemoveAt(at + 1);
        }

        if (at > 0 && _ranges[at - 1].End == _ranges[at].Start)
        {
            _ranges[at - 1] = _ranges[at - 1] with { End = _ranges[at].End };
            _ranges.RemoveAt(at);
        }
    }

    /// <summary>Removes positions.</summary>
    internal void Remove(int start, int end)
    {
        for (int i = _ranges.Count - 1; i >= 0; i--)
        {
            PositionRange range = _ranges[i];
            if (range.End <= start || range.Start >= end)
            {
                continue;
            }

            _ranges.RemoveAt(i);
            if (range.End > end)
            {
                _ranges.Insert(i, range with { Start = end });
            }

            if (range.Start < start)
            {
                _ranges.Insert(i, range with { End = start });
            }
        }
    }

    /// <summary>Returns the ranges between two positions, cut at these positions.</summary>
    internal List<PositionRange> Within(int start, int end)
    {
        var within = new List<PositionRange>();
        foreach (PositionRange range in _ranges)
        {
            var cut = new PositionRange(Math.Max(range.Start, start), Math.Min(range.End, end));
            if (cut.Start < cut.End)
            {
                within.Add(cut);
            }
        }

        return within;
    }

    /// <summary>Whether the sequence holds any position of a range.</summary>
    internal bool Overlaps(PositionRange range)
    {
        foreach (PositionRange own in _ranges)
        {
            if (own.Start < range.End && range.Start < own.End)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Removes all positions.</summary>
    internal void Clear() => _ranges.Clear();
}
