namespace RedisInfer.Grammars.Tokens;

/// <summary>
/// The states of one match. Frames and states are made once and found again, so that a text that comes back to a place costs a look-up for
/// each byte. All numbers are bounded: a state has the places that end soonest, and old states are forgotten. Fewer places allow fewer texts,
/// and never a wrong one. Used by one thread at a time.
/// </summary>
internal sealed class MatchTable(GrammarCosts costs)
{
    // Places where a text may be at once. One or two are common.
    private const int MaxFrames = 128;

    // Of these, places before the same symbol. So no kind of continuation crowds out the others.
    private const int MaxAlike = 16;

    // Frames looked at for one byte.
    private const int MaxLooks = 8192;

    // States that are kept, with the transitions that were looked at.
    private const int MaxStates = 2048;
    private const int MaxKeptFrames = 65_536;

    private readonly Dictionary<(Frame?, Alternative, int, int), Frame> _frames = [];
    private readonly Dictionary<StateKey, MatchState> _states = [];

    /// <summary>The state before the first byte.</summary>
    public MatchState Start() => Expand(Enter(costs.Grammar.Root, parent: null));

    /// <summary>The state after one more byte.</summary>
    /// <param name="state">The state before.</param>
    /// <param name="value">The byte.</param>
    /// <returns>The state; <see langword="null"/>: the byte may not follow.</returns>
    public MatchState? Next(MatchState state, byte value)
    {
        if (!state.TryGetNext(value, out MatchState? next))
        {
            next = Compute(state, value);
            state.SetNext(value, next);
        }

        return next;
    }

    private MatchState? Compute(MatchState state, byte value)
    {
        var after = new List<Frame?>();
        foreach (Frame frame in state.Frames)
        {
            if (frame.Symbol is ByteSet set)
            {
                if (set.Contains(value))
                {
                    after.Add(After(frame));
                }
            }
            else if (frame.Symbol is Literal literal && literal.Bytes[frame.Progress] == value)
            {
                after.Add(frame.Progress + 1 < literal.Bytes.Length
                    ? Make(frame.Parent, frame.Alternative, frame.Index, frame.Progress + 1) : After(frame));
            }
        }

        return after.Count > 0 ? Expand(after) : null;
    }

    /// <summary>The place after a symbol.</summary>
    private Frame? After(Frame frame) => frame.Index + 1 < frame.Alternative.Symbols.Length
        ? Make(frame.Parent, frame.Alternative, frame.Index + 1, progress: 0) : frame.Parent;

    /// <summary>The first places of a rule.</summary>
    private List<Frame?> Enter(Rule rule, Frame? parent)
    {
        List<Frame?> first = [];
        foreach (Alternative alternative in rule.Alternatives)
        {
            bool isPossible = costs.TokensFrom(alternative, 0, 0) < Grammar.Never
                && (parent?.Nesting ?? 0) + costs.Grammar.NestingOf(alternative) <= Grammar.MaxNesting;
            if (isPossible)
            {
                first.Add(alternative.Symbols.Length == 0 ? parent : Make(parent, alternative, index: 0, progress: 0));
            }
        }

        return first;
    }

    /// <summary>Goes into rules and out of them, up to the next bytes, those first that end soonest.</summary>
    private MatchState Expand(List<Frame?> places)
    {
        var open = new PriorityQueue<Frame, (long, int)>();
        var seen = new HashSet<Frame>();
        var atBytes = new List<Frame>();
        var alike = new Dictionary<Symbol, int>();
        bool isComplete = false;
        void Look(Frame? frame)
        {
            isComplete |= frame is null;
            if (frame is not null && seen.Add(frame))
            {
                open.Enqueue(frame, (frame.Tokens, -seen.Count));
            }
        }

        places.ForEach(Look);
        while (atBytes.Count < MaxFrames && seen.Count < MaxLooks && open.TryDequeue(out Frame? frame, out _))
        {
            switch (frame.Symbol)
            {
                case Rule rule:
                    Enter(rule, After(frame)).ForEach(Look);
                    break;
                case Repeat repeat:
                    if (frame.Progress >= repeat.Min)
                    {
                        Look(After(frame));
                    }

                    if (frame.Progress < repeat.Max)
                    {
                        Frame again = Make(frame.Parent, frame.Alternative, frame.Index, repeat.Next(frame.Progress));
                        Enter(repeat.Body, again).ForEach(Look);
                    }

                    break;
                default:
                    int before = alike.GetValueOrDefault(frame.Symbol);
                    alike[frame.Symbol] = before + 1;
                    if (before < MaxAlike)
                    {
                        atBytes.Add(frame);
                    }

                    break;
            }
        }

        return Keep([.. atBytes], isComplete);
    }

    private Frame Make(Frame? parent, Alternative alternative, int index, int progress)
    {
        (Frame?, Alternative, int, int) key = (parent, alternative, index, progress);
        if (!_frames.TryGetValue(key, out Frame? frame))
        {
            frame = new Frame
            {
                Parent = parent,
                Alternative = alternative,
                Index = index,
                Progress = progress,
                Tokens = Math.Min(Grammar.Never, costs.TokensFrom(alternative, index, progress) + (parent?.Tokens ?? 0)),
                Nesting = (parent?.Nesting ?? 0) + (alternative.Rule.IsContainer ? 1 : 0),
            };
            _frames.Add(key, frame);
        }

        return frame;
    }

    private MatchState Keep(Frame[] frames, bool isComplete)
    {
        if (_states.Count > MaxStates || _frames.Count > MaxKeptFrames)
        {
            _states.Clear();
            _frames.Clear();
        }

        var key = new StateKey(frames, isComplete);
        if (!_states.TryGetValue(key, out MatchState? state))
        {
            state = new MatchState(frames, isComplete);
            _states.Add(key, state);
        }

        return state;
    }

    /// <summary>What makes states equal: the same frames in the same order.</summary>
    private readonly struct StateKey(Frame[] frames, bool isComplete) : IEquatable<StateKey>
    {
        private readonly Frame[] _frames = frames;
        private readonly bool _isComplete = isComplete;

        public bool Equals(StateKey other) => _isComplete == other._isComplete && _frames.AsSpan().SequenceEqual(other._frames);

        public override bool Equals(object? obj) => obj is StateKey other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(_isComplete);
            foreach (Frame frame in _frames)
            {
                hash.Add(frame);
            }

            return hash.ToHashCode();
        }
    }
}
