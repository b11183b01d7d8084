namespace RedisInfer.Scheduling;

/// <summary>
/// Items that wait and are served fairly. Each caller has its own line: first come, first served. The callers take turns. A turn serves at
/// most as many items as the priority of the item that starts it. A new caller gets its turn after the others. So the first item of each
/// line is served after at most one turn of every other caller: no caller starves, however many items another sends. Not thread-safe.
/// </summary>
internal sealed class FairLine<T>
    where T : class
{
    private readonly Dictionary<string, Line> _lines = new(StringComparer.Ordinal);
    private readonly LinkedList<Line> _turns = new();

    /// <summary>Items that wait.</summary>
    public int Count { get; private set; }

    /// <summary>Adds an item at the end of its caller's line.</summary>
    /// <param name="caller">The caller that the item belongs to.</param>
    /// <param name="priority">Items that a turn may serve if it starts with this item; at least 1.</param>
    /// <param name="item">The item.</param>
    public void Add(string caller, int priority, T item)
    {
        if (!_lines.TryGetValue(caller, out Line? line))
        {
            line = new Line(caller);
            _lines.Add(caller, line);
            _turns.AddLast(line.Turn);
        }

        line.Items.AddLast((item, priority));
        Count++;
    }

    /// <summary>The item whose turn it is; <see langword="null"/> if none waits.</summary>
    public T? Peek() => _turns.First?.Value.Items.First!.Value.Item;

    /// <summary>Removes the item that <see cref="Peek"/> shows, and returns it.</summary>
    public T Take()
    {
        Line line = _turns.First?.Value ?? throw new InvalidOperationException("The line is empty. Call Peek before Take.");
        (T item, int priority) = line.Items.First!.Value;
        line.LeftInTurn = (line.LeftInTurn == 0 ? priority : line.LeftInTurn) - 1;
        line.Items.RemoveFirst();
        Count--;
        if (!RemoveIfEmpty(line) && line.LeftInTurn == 0)
        {
            _turns.Remove(line.Turn);
            _turns.AddLast(line.Turn);
        }

        return item;
    }

    /// <summary>Removes items from their lines.</summary>
    /// <param name="chosen">Whether to remove an item.</param>
    /// <param name="removed">Called for each removed item.</param>
    public void RemoveWhere(Predicate<T> chosen, Action<T> removed)
    {
        for (LinkedListNode<Line>? turn = _turns.First, nextTurn; turn is not null; turn = nextTurn)
        {
            nextTurn = turn.Next;
            LinkedList<(T Item, int Priority)> items = turn.Value.Items;
            for (LinkedListNode<(T Item, int Priority)>? node = items.First, next; node is not null; node = next)
            {
                next = node.Next;
                if (chosen(node.Value.Item))
                {
                    items.Remove(node);
                    Count--;
                    removed(node.Value.Item);
                }
            }

            RemoveIfEmpty(turn.Value);
        }
    }

    private bool RemoveIfEmpty(Line line)
    {
        if (line.Items.Count > 0)
        {
            return false;
        }

        _lines.Remove(line.Caller);
        _turns.Remove(line.Turn);
        return true;
    }

    private sealed class Line
    {
        public Line(string caller)
        {
            Caller = caller;
            Turn = new LinkedListNode<Line>(this);
        }

        public string Caller { get; }

        public LinkedList<(T Item, int Priority)> Items { get; } = new();

        public LinkedListNode<Line> Turn { get; }

        /// <summary>Items that its current turn may still serve; 0: its turn has not begun.</summary>
        public int LeftInTurn { get; set; }
    }
}
